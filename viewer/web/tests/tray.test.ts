import { webcrypto } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';

vi.stubGlobal('crypto', webcrypto);
const server = vi.hoisted(() => ({
  uploads: vi.fn(),
  beginUpload: vi.fn(),
  appendUpload: vi.fn(),
  handOver: vi.fn(),
}));
vi.mock('../src/api/office', () => ({ office: server }));
vi.mock('../src/state/office_words.svelte', () => ({ o: (key: string) => key }));
vi.mock('../src/state/words.svelte', () => ({
  errorText: (error: { code: string }) => error.code,
  language: () => 'zh',
}));

const { tray } = await import('../src/state/tray.svelte');

const offered = (...names: string[]) =>
  names.map((name) => ({
    file: Object.assign(new Blob(['x']), { name }) as unknown as File,
    path: `box/${name}`,
  }));

beforeEach(() => {
  for (const call of Object.values(server)) call.mockReset();
  server.uploads.mockResolvedValue({ limits: undefined, waiting: [] });
  server.beginUpload.mockImplementation(async ({ size }: { size: number }) => ({
    id: 'x',
    received: size,
    state: 'accepted',
  }));
  tray.forget();
});

describe('files on their way', () => {
  test('are handed over once, however often it is pressed', async () => {
    tray.add(offered('1.tif', '2.tif'));
    await tray.sendAll();
    await Promise.all([tray.handOver(), tray.handOver()]);
    expect(server.handOver.mock.calls).toEqual([['box', 2]]);
    expect([tray.list.length, tray.batch, tray.busy]).toEqual([0, '', false]);
  });
  test('stay listed when they cannot be handed over', async () => {
    tray.add(offered('1.tif'));
    await tray.sendAll();
    server.handOver.mockRejectedValueOnce(new Error('network'));
    await tray.handOver();
    expect(tray.list).toHaveLength(1);
    expect(tray.problem).toBe('network');
  });
  test('are sent no more, and forgotten, once nobody is signed in', async () => {
    let go: (_: unknown) => void = () => {};
    server.beginUpload.mockReturnValueOnce(new Promise((done) => (go = done)));
    tray.add(offered('1.tif', '2.tif'));
    const sending = tray.sendAll();
    await vi.waitFor(() => expect(server.beginUpload).toHaveBeenCalledTimes(1));
    tray.forget();
    go({ id: 'x', received: 1, state: 'accepted' });
    await sending;
    expect(server.beginUpload).toHaveBeenCalledTimes(1);
    expect([tray.list.length, tray.busy]).toEqual([0, false]);
  });
});
