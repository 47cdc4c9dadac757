import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ReviewTask } from '../src/api/types';

const server = vi.hoisted(() => ({
  claim: vi.fn(),
  claimEqual: vi.fn(),
  say: vi.fn(),
  takeBack: vi.fn(),
  confirmEqual: vi.fn(),
  leaveBench: vi.fn(() => Promise.resolve()),
  snippet: vi.fn(() => Promise.resolve(new Blob())),
}));

vi.mock('../src/api/client', () => ({
  ApiError: class ApiError extends Error {
    constructor(
      readonly status: number,
      readonly code: string,
      readonly zh: string,
      readonly en: string,
    ) {
      super(code);
    }
  },
  api: server,
}));

vi.mock('../src/state/words.svelte', () => ({
  t: (key: string) => key,
  errorText: (error: { code: string }) => error.code,
}));

const { ApiError } = await import('../src/api/client');
const { Bench } = await import('../src/review/bench_state.svelte');

globalThis.URL.createObjectURL ??= () => 'blob:none';
globalThis.URL.revokeObjectURL ??= () => {};

function task(page: number, value = `value ${page}`): ReviewTask {
  const place = { page, token: `${page}-x`, field: 'f', row: null };
  return { kind: 'value', ...place, value, etag: `"${page}"` } as unknown as ReviewTask;
}
const tasks = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => task(from + i));

async function began(list: ReviewTask[], left = list.length) {
  server.claim.mockResolvedValue({ left, tasks: list });
  const bench = new Bench({ kind: 'value' });
  bench.start();
  await bench.fill();
  return bench;
}
const settle = () => new Promise((done) => setTimeout(done, 0));

beforeEach(() => {
  for (const call of Object.values(server)) call.mockClear();
  server.say.mockResolvedValue({ outcome: 'settled' });
});

describe('the bench', () => {
  test('goes to the next before the answer is there', async () => {
    const bench = await began(tasks(1, 9));
    let answered = (_: unknown) => {};
    server.say.mockReturnValue(new Promise((done) => (answered = done)));
    bench.say({ action: 'confirm' });
    expect(bench.task?.page).toBe(2);
    expect(bench.text).toBe('value 2');
    expect(bench.left).toBe(8);
    answered({ outcome: 'settled' });
    await settle();
    expect(server.say).toHaveBeenCalledWith(
      expect.objectContaining({ page: 1 }),
      'confirm',
      {},
    );
  });

  test('sends in order, one at a time', async () => {
    const bench = await began(tasks(1, 9));
    const order: number[] = [];
    server.say.mockImplementation(async ({ page }: ReviewTask) => {
      await settle();
      order.push(page);
      return { outcome: 'settled' };
    });
    for (let i = 0; i < 3; i++) bench.say({ action: 'confirm' });
    await vi.waitFor(() => expect(order).toEqual([1, 2, 3]));
  });

  test('does not show again what is on its way', async () => {
    const bench = await began(tasks(1, 6));
    server.claim.mockResolvedValue({ left: 6, tasks: tasks(1, 8) });
    bench.say({ action: 'confirm' });
    await bench.fill();
    expect(bench.tasks.map((each) => each.page)).toEqual([2, 3, 4, 5, 6, 7, 8]);
  });

  test('brings back what was refused, with what was typed', async () => {
    const bench = await began(tasks(1, 9));
    server.say.mockRejectedValueOnce(new ApiError(422, 'value', '不合', 'no value'));
    bench.type('abc');
    bench.say({ action: 'correct', value: 'abc' });
    bench.type('half of the n');
    await vi.waitFor(() => expect(bench.task?.page).toBe(1));
    expect(bench.text).toBe('abc');
    expect(bench.notice?.kind).toBe('error');
    bench.say({ action: 'correct', value: 'abd' });
    expect(bench.task?.page).toBe(2);
    expect(bench.text).toBe('half of the n');
  });

  test('lets go what somebody else settled', async () => {
    const bench = await began(tasks(1, 9));
    server.say.mockRejectedValueOnce(new ApiError(412, 'changed', '变', 'changed'));
    bench.say({ action: 'confirm' });
    await vi.waitFor(() => expect(bench.notice).not.toBeNull());
    expect(bench.task?.page).toBe(2);
    expect(bench.done).toBe(0);
  });

  test('shows again what was changed meanwhile, with what was typed', async () => {
    const bench = await began(tasks(1, 1));
    server.say.mockRejectedValueOnce(new ApiError(412, 'changed', '变', 'changed'));
    bench.type('typed');
    bench.say({ action: 'correct', value: 'typed' });
    await vi.waitFor(() => expect(bench.task?.page).toBe(1));
    expect(bench.text).toBe('typed');
    expect(bench.touched).toBe(true);
    expect(server.claim.mock.calls.length).toBeLessThan(4);
  });

  test('does not ask for ever for what the server lists although it was said', async () => {
    const bench = await began(tasks(1, 1));
    bench.say({ action: 'confirm' });
    await vi.waitFor(() => expect(bench.busy).toBe(false));
    expect(bench.task).toBeNull();
    expect(server.claim.mock.calls.length).toBeLessThan(4);
  });

  test('keeps what is being typed when the last one is taken back', async () => {
    const bench = await began(tasks(1, 9));
    bench.say({ action: 'confirm' });
    bench.type('half');
    server.takeBack.mockResolvedValue({ outcome: 'taken_back', task: task(1) });
    await bench.undo();
    bench.say({ action: 'confirm' });
    expect(bench.text).toBe('half');
  });

  test('can take back later what could not be taken back now', async () => {
    const bench = await began(tasks(1, 9));
    bench.say({ action: 'confirm' });
    server.takeBack.mockRejectedValueOnce(new ApiError(0, 'network', '', ''));
    await bench.undo();
    server.takeBack.mockResolvedValue({ outcome: 'taken_back', task: task(1) });
    await bench.undo();
    expect(bench.task?.page).toBe(1);
  });

  test('takes back the last one, once it has arrived', async () => {
    const bench = await began(tasks(1, 9));
    bench.say({ action: 'confirm' });
    bench.say({ action: 'confirm' });
    server.takeBack.mockResolvedValue({ outcome: 'taken_back', task: task(2) });
    await bench.undo();
    expect(server.takeBack).toHaveBeenCalledWith(expect.objectContaining({ page: 2 }));
    expect(bench.task?.page).toBe(2);
    expect(bench.done).toBe(1);
  });

  test('has nothing to take back at first', async () => {
    const bench = await began(tasks(1, 2));
    await bench.undo();
    expect(server.takeBack).not.toHaveBeenCalled();
    expect(bench.notice?.kind).toBe('info');
  });

  test('confirms equal ones in one request', async () => {
    const bench = await began(tasks(1, 9), 20);
    server.claimEqual.mockResolvedValue({ left: 20, tasks: [task(4), task(1), task(12)] });
    const equal = await bench.equal();
    expect(equal.map((each) => each.page)).toEqual([1, 4, 12]);
    server.confirmEqual.mockResolvedValue({ confirmed: 3, changed_meanwhile: 0 });
    server.claim.mockResolvedValue({ left: 17, tasks: tasks(2, 9).filter((t) => t.page !== 4) });
    await bench.confirmEqual(equal);
    expect(bench.tasks.map((each) => each.page)).toEqual([2, 3, 5, 6, 7, 8, 9]);
    expect(bench.done).toBe(3);
    expect(bench.left).toBe(17);
  });

  test('gives its tasks back when somebody leaves', async () => {
    const bench = await began(tasks(1, 9));
    bench.stop();
    await settle();
    expect(server.leaveBench).toHaveBeenCalled();
  });
});
