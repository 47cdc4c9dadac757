// Times a page of the reader in Chromium: from the address until its first picture is drawn, and
// until a key does something. JSON lines: {"first_image_ms", "interactive_ms"}. The environment is
// that of tests/browser/browser.mjs; PAGES: numbers of pages, parted by commas, each of a dossier
// nobody opened. Pages that are covered for this user are passed over.

import { open, signIn, address } from '../../tests/browser/browser.mjs';

const { page, close } = await open();
await signIn(page);
for (const number of process.env.PAGES.split(',')) {
  const began = Date.now();
  await page.goto(`${address}/pages/${number}`, { waitUntil: 'commit' });
  await page.waitForSelector('[data-field], .page-boxes g', { state: 'attached' });
  const interactive = Date.now() - began;
  const shown = await page.waitForFunction(() => {
    if (document.querySelector('.cover .message.set_aside')) return 'covered';
    const canvas = document.querySelector('.picture canvas');
    if (!canvas?.width) return false;
    const middle = canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
    return middle?.data[3] > 0 && 'drawn';
  }, undefined, { polling: 10 });
  if ((await shown.jsonValue()) === 'covered') continue;
  console.log(JSON.stringify({ first_image_ms: Date.now() - began, interactive_ms: interactive }));
}
await close();
process.exit(0);
