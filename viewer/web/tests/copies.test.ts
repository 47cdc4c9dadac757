import { afterEach, expect, test, vi } from 'vitest';
import { Issues, type CopyWish } from '../src/api/copies';

afterEach(() => vi.unstubAllGlobals());

test('a copy that was entered and not printed is not entered again', async () => {
  let entered = 0;
  vi.stubGlobal('fetch', () => {
    entered++;
    return Promise.resolve(new Response(JSON.stringify({ copy: entered })));
  });
  const issues = new Issues();
  const wish: CopyWish = { kind: 'certified', dossier: 3, pages: [1] };
  expect((await issues.of(wish)).copy).toBe(1);
  expect((await issues.of({ ...wish })).copy).toBe(1);
  expect((await issues.of({ ...wish, pages: [1, 2] })).copy).toBe(2);
});
