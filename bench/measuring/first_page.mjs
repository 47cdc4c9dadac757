// Times a page of the reader in Chromium. JSON lines: {"cold_image_ms", "interactive_ms"}, from the
// address in a new tab until the picture is drawn, and until a key does something; and
// {"first_image_ms"}, within the application: from the click until the picture is drawn. The
// environment is that of tests/browser/browser.mjs; PAGES: numbers of pages, parted by commas, each
// of a dossier nobody opened. Pages that are covered for this user are passed over.

import { address, go, open, signIn } from '../../tests/browser/browser.mjs';

const { page, close } = await open();
await signIn(page);

/** Whether its picture was drawn, and not covered. */
async function drawn() {
  const shown = await page.waitForFunction(
    () => {
      if (document.querySelector('.cover .message.set_aside')) return 'covered';
      const canvas = document.querySelector('.picture canvas');
      if (!canvas?.width) return false;
      const middle = canvas
        .getContext('2d')
        ?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
      return middle?.data[3] > 0 && 'drawn';
    },
    undefined,
    { polling: 10 },
  );
  return (await shown.jsonValue()) === 'drawn';
}

const told = (times) => console.log(JSON.stringify(times));
const numbers = process.env.PAGES.split(',');
for (let i = 0; i + 1 < numbers.length; i += 2) {
  let began = Date.now();
  await page.goto(`${address}/pages/${numbers[i]}`, { waitUntil: 'commit' });
  await page.waitForSelector('[data-field], .page-boxes g', { state: 'attached' });
  const interactive = Date.now() - began;
  if (await drawn()) told({ cold_image_ms: Date.now() - began, interactive_ms: interactive });
  await go(page, '/dossiers');
  await page.waitForSelector('tbody tr');
  began = Date.now();
  await go(page, `/pages/${numbers[i + 1]}`);
  if (await drawn()) told({ first_image_ms: Date.now() - began });
}
await close();
process.exit(0);
