import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  api,
  ApiError,
  callRaw,
  patienceMs,
  thumbnailAddress,
  whenSignedOut,
} from '../src/api/client';

const signedOut = vi.fn();
let asked: { url: string; init: RequestInit }[] = [];

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, init });
    return Promise.resolve(
      new Response(status === 204 ? null : JSON.stringify(body), { status, headers }),
    );
  });
}

const problemOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (e: unknown) => e as ApiError,
  );

beforeEach(() => {
  asked = [];
  signedOut.mockReset();
  whenSignedOut(signedOut);
});
afterEach(() => vi.unstubAllGlobals());

describe('requests', () => {
  test('that change something carry the token of the session', async () => {
    answer(200, { csrf: 'secret' });
    await api.signIn('a', 'b');
    answer(200, { purpose: {} });
    await api.setPurpose({
      channel: 'counter',
      purpose: 'p',
      applicant: 'a',
      id_number: '',
      agent: '',
      authority: null,
    });
    expect(asked.at(-1)?.init.headers).toMatchObject({ 'X-CSRF': 'secret' });
    answer(200, { batches: [] });
    await api.batches();
    expect(asked.at(-1)?.init.headers).not.toHaveProperty('X-CSRF');
  });
  test('of a search are encoded, and empty filters left out', async () => {
    answer(200, { hits: [] });
    await api.search('姓名:汤&君', '', 50, { doc_type: 'DT01', dossier: undefined });
    const url = new URL(asked[0]!.url, 'https://x');
    expect(url.searchParams.get('q')).toBe('姓名:汤&君');
    expect([...url.searchParams.keys()].sort()).toEqual(['doc_type', 'limit', 'q']);
  });
  test('are never answered from a cache', async () => {
    answer(200, {});
    await api.page(1);
    expect(asked[0]?.init.cache).toBe('no-store');
  });
});

describe('what goes wrong', () => {
  test('is told in both languages', async () => {
    answer(400, { error: { code: 'query', zh: '查询无意义', en: 'means nothing' } });
    const problem = await problemOf(api.search('*', '', 1, {}));
    expect(problem).toMatchObject({ status: 400, code: 'query', zh: '查询无意义' });
  });
  test('says how long to wait', async () => {
    answer(429, { error: { code: 'too_many', retry_after_s: 30 } });
    expect((await problemOf(api.signIn('a', 'b')))?.retryAfterS).toBe(30);
    answer(429, {}, { 'Retry-After': '7' });
    expect((await problemOf(api.signIn('a', 'b')))?.retryAfterS).toBe(7);
  });
  test('signs out when the session ended, but not for a wrong password', async () => {
    answer(401, { error: { code: 'who' } });
    await problemOf(api.signIn('a', 'b'));
    expect(signedOut).not.toHaveBeenCalled();
    await problemOf(api.page(1));
    expect(signedOut).toHaveBeenCalledOnce();
  });
  test('signs out as well when a piece of a scan, a print or a snippet is refused', async () => {
    answer(401, { error: { code: 'who' } });
    await problemOf(callRaw('PUT', 'scans/1?offset=0', new Blob(['x'])));
    await problemOf(api.snippet({ token: 't', page: 1, field: 'f', row: null }));
    expect(signedOut).toHaveBeenCalledTimes(2);
    expect(asked.every(({ init }) => init.signal instanceof AbortSignal)).toBe(true);
  });
  test('may be an answer that breaks off', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('{"page": 1', { status: 200 })));
    expect(await problemOf(api.page(1))).toMatchObject({ status: 0, code: 'network' });
  });
  test('is waited for longer where much is read', () => {
    expect(patienceMs('dossiers/3/properties')).toBeGreaterThan(patienceMs('dossiers/3'));
    expect(patienceMs('copies/3/prints')).toBeGreaterThan(patienceMs('copies'));
  });
  test('may be an answer that is no JSON', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status: 502 })));
    expect(await problemOf(api.page(1))).toMatchObject({ status: 502, code: 'status' });
  });
  test('may be the network', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    expect(await problemOf(api.page(1))).toMatchObject({ status: 0, code: 'network' });
  });
  test('is no error when the screen was left', async () => {
    const stop = new AbortController();
    vi.stubGlobal('fetch', () => {
      stop.abort();
      return Promise.reject(new DOMException('left', 'AbortError'));
    });
    expect(await problemOf(api.page(1, stop.signal))).not.toBeInstanceOf(ApiError);
  });
});

test.each([
  [0, 0],
  [90, 270],
  [180, 180],
  [270, 90],
])('thumbnails of paper turned by %i are upright: %i', (rotation, degrees) => {
  expect(thumbnailAddress('a/b', rotation)).toBe(
    `/iiif/3/a%2Fb/full/!200,200/${degrees}/default.jpg`,
  );
});
