import { beforeEach, describe, expect, test, vi } from 'vitest';

const server = vi.hoisted(() => ({ search: vi.fn() }));
vi.mock('../src/api/client', () => ({
  ApiError: class ApiError extends Error {},
  api: server,
  whenSignedOut: () => {},
}));

const { search } = await import('../src/state/search.svelte');

const hits = (...pages: number[]) => pages.map((page) => ({ page, dossier: 1, persons: [] }));
const answer = (pages: number[], next = '', total = pages.length) => ({
  total,
  understood: 'q',
  complete: true,
  waiting: 0,
  next,
  hits: hits(...pages),
});
const listed = () => search.hits.map((hit) => hit.page);

beforeEach(() => {
  server.search.mockReset();
  search.clear();
  search.typed = 'q';
});

describe('a search', () => {
  test('goes on behind the mark it was given, and ends where the server says so', async () => {
    server.search.mockResolvedValueOnce(answer([1, 2], 'mark', 40));
    await search.ask();
    expect([search.next, search.total]).toEqual(['mark', 40]);
    server.search.mockResolvedValueOnce(answer([3], '', 1));
    await search.more();
    expect(server.search.mock.calls[1]![1]).toBe('mark');
    expect(listed()).toEqual([1, 2, 3]);
    expect([search.next, search.total]).toEqual(['', 3]);
    await search.more();
    expect(server.search).toHaveBeenCalledTimes(2);
  });
  test('is not empty while there is more behind what may not be told', async () => {
    server.search.mockResolvedValueOnce(answer([], 'mark', 40));
    server.search.mockResolvedValueOnce(answer([7]));
    await search.ask();
    expect(listed()).toEqual([7]);
  });
  test('keeps its filters when it is asked again after a failure', async () => {
    server.search.mockRejectedValueOnce(new Error('network'));
    await search.ask();
    server.search.mockRejectedValueOnce(new Error('network'));
    await search.filter({ doc_type: 'DT15' });
    search.typed = 'half of the next quest';
    server.search.mockResolvedValueOnce(answer([1]));
    await search.again();
    expect(server.search.mock.calls[2]!.slice(0, 4)).toEqual(['q', '', 50, { doc_type: 'DT15' }]);
  });
  test('keeps what is listed, and says so, when more of it cannot be had', async () => {
    server.search.mockResolvedValueOnce(answer([1, 2], 'mark', 40));
    await search.ask();
    server.search.mockRejectedValueOnce(new Error('network'));
    await search.more();
    expect(listed()).toEqual([1, 2]);
    expect(search.error).not.toBeNull();
    expect(search.next).toBe('mark');
  });
  test('is not answered by the one before', async () => {
    let late: (_: unknown) => void = () => {};
    server.search.mockReturnValueOnce(new Promise((done) => (late = done)));
    const first = search.ask();
    server.search.mockResolvedValueOnce(answer([9]));
    const second = search.ask();
    late(answer([1]));
    await Promise.all([first, second]);
    expect(listed()).toEqual([9]);
  });
});
