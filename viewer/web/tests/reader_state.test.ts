import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ReaderState } from '../src/reader/reader_state.svelte';
import { keepAlive, noticeUse, somebodyIsThere } from '../src/state/presence';

const page = (number: number, item: number, more = {}) => ({
  page: number,
  page_of_dossier: number,
  item,
  state: 'filed',
  rotation: 90,
  ...more,
});

const quad = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

const dossier = {
  number: 3,
  items: [{ number: 1 }, { number: 2 }],
  pages: [
    page(10, 0),
    page(11, 1),
    page(12, 1),
    page(13, 2),
    page(14, 1, { state: 'set_aside', rotation: 0 }),
  ],
  report: {
    findings: [],
    overview: { papers: [], record_contents: [{ id: 'account', pages: [99, 12] }] },
  },
};

let answers: Record<string, unknown>;
const asked: string[] = [];

beforeEach(() => {
  answers = { 'dossiers/3': dossier };
  asked.length = 0;
  vi.stubGlobal('fetch', (url: string) => {
    const path = url.replace('/api/v1/', '');
    asked.push(path);
    const body = answers[path] ?? { page: Number(path.split('/')[1]), fields: [] };
    return Promise.resolve(new Response(JSON.stringify(body)));
  });
});
afterEach(() => vi.unstubAllGlobals());

async function opened(): Promise<ReaderState> {
  const reader = new ReaderState();
  await reader.openDossier(3, new AbortController().signal);
  return reader;
}

describe('a dossier begins', () => {
  test('with the page asked for', async () => {
    expect((await opened()).firstPage(13, '')).toBe(13);
  });
  test('with the first when the one asked for is not its own', async () => {
    expect((await opened()).firstPage(77, '')).toBe(10);
    expect((await opened()).firstPage(null, 'nothing')).toBe(10);
  });
  test('with the first page of the contents asked for that it has', async () => {
    expect((await opened()).firstPage(null, 'account')).toBe(12);
  });
});

describe('pages', () => {
  test('are walked through in the order of the contents, set aside last', async () => {
    const reader = await opened();
    await reader.openPage(13);
    expect([reader.pageAt(1), reader.pageAt(-1)]).toEqual([14, 12]);
    expect([reader.itemAt(1), reader.itemAt(-1)]).toEqual([14, 11]);
    await reader.openPage(10);
    expect(reader.pageAt(-1)).toBeNull();
  });
  test('are asked for once', async () => {
    const reader = await opened();
    await Promise.all([reader.openPage(11), reader.openPage(11)]);
    await reader.openPage(11);
    expect(asked.filter((path) => path === 'pages/11')).toHaveLength(1);
  });
  test('begin upright and unmarked, however the one before was turned', async () => {
    const reader = await opened();
    await reader.openPage(11);
    expect(reader.degrees).toBe(270);
    reader.turned = 90;
    reader.marked = 'field:x::0';
    expect(reader.degrees).toBe(0);
    await reader.openPage(12);
    expect(reader.degrees).toBe(270);
    expect(reader.marked).toBe('');
    reader.original = true;
    expect(reader.degrees).toBe(0);
  });
  test('that come late do not cover the one that is shown', async () => {
    const reader = await opened();
    let late: (response: Response) => void = () => {};
    vi.stubGlobal('fetch', () => new Promise<Response>((done) => (late = done)));
    const slow = reader.reveal('a reason');
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ page: 12 }))));
    await reader.openPage(12);
    late(new Response(JSON.stringify({ page: 0 })));
    await slow;
    expect(reader.page?.page).toBe(12);
  });
});

test('a finding stays while its pages are turned, and goes with them', async () => {
  const reader = await opened();
  const finding = {
    finding: 1,
    places: [
      { page: 11, quad },
      { page: 12, quad: null },
    ],
  };
  await reader.openPage(11);
  reader.showFinding(finding as never);
  expect(reader.wanted?.quads).toEqual([quad]);
  await reader.openPage(12);
  expect(reader.finding).not.toBeNull();
  expect(reader.wanted).toBeNull();
  await reader.openPage(13);
  expect(reader.finding).toBeNull();
});

test('nobody is there once nothing was touched for the time of a session', () => {
  expect(somebodyIsThere(1800, 1_000)).toBe(true);
  expect(somebodyIsThere(1800, 1_800_001)).toBe(false);
});

describe('answers that come out of order', () => {
  /** Answers that wait: by address, the oldest first. */
  function held() {
    const waiting: { path: string; answer: (body: unknown) => void }[] = [];
    vi.stubGlobal('fetch', (url: string, { signal }: RequestInit) => {
      const path = url.replace('/api/v1/', '');
      return new Promise<Response>((done, fail) => {
        signal?.addEventListener('abort', () => fail(signal.reason as Error));
        waiting.push({
          path,
          answer: (body) => done(new Response(JSON.stringify(body))),
        });
      });
    });
    return waiting;
  }
  const settle = () => new Promise((done) => setTimeout(done, 0));

  test('a page asked for twice and then left does not stand under the next one', async () => {
    const reader = await opened();
    const waiting = held();
    void reader.openPage(11);
    void reader.loadPage(); // as after a change
    void reader.openPage(12);
    waiting[2]!.answer({ page: 12 });
    await settle();
    waiting[0]!.answer({ page: 11 });
    waiting[1]!.answer({ page: 11 });
    await settle();
    expect(reader.page?.page).toBe(12);
  });
  test('a dossier read again does not come back over the one opened meanwhile', async () => {
    const reader = await opened();
    const waiting = held();
    const again = reader.refresh();
    reader.dossier = { ...dossier, number: 4 } as unknown as typeof reader.dossier;
    waiting[0]!.answer(dossier);
    await again;
    expect(reader.dossier?.number).toBe(4);
  });
});

test('a session lives on while somebody types, and ends when nobody does', () => {
  vi.useFakeTimers();
  let touched = () => {};
  vi.stubGlobal('window', { addEventListener: (_: string, told: () => void) => (touched = told) });
  noticeUse();
  const ask = vi.fn(() => Promise.resolve());
  const stop = keepAlive(1800, ask);
  vi.advanceTimersByTime(590_000);
  touched();
  vi.advanceTimersByTime(20_000);
  expect(ask).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(3_600_000);
  expect(ask.mock.calls.length).toBeLessThanOrEqual(2);
  stop();
  vi.useRealTimers();
});
