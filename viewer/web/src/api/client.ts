// The one place that talks with the server. Answers are values; whatever goes wrong is an ApiError.

import { taskAddress, type TaskPlace } from '../logic/review';
import type {
  Batch,
  BatchDetail,
  Claimed,
  Correction,
  BoardCounts,
  ChannelMatrix,
  Dossier,
  DossierRow,
  Finding,
  FindingState,
  OfficeNames,
  Factor,
  Page,
  Person,
  Purpose,
  ReviewItem,
  ReviewScope,
  ReviewTask,
  PurposeChoice,
  PurposeWish,
  SearchAnswer,
  Session,
} from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly retryAfterS = 0,
  ) {
    super(`${status} ${code}`);
  }
}

const timeoutMs = 30_000;

/** What reads a page, a dossier or a whole log while one waits. */
const slowMs = 300_000;
const slow = [
  /^audit\/verification\?full/,
  /^copies\/\d+\/prints$/,
  /^dossiers\/\d+\/(arrangements|properties)/,
  /^pages\/\d+\/retry$/,
  /^uploads\/deliver$/,
];

export function patienceMs(path: string): number {
  return slow.some((each) => each.test(path)) ? slowMs : timeoutMs;
}

let csrf = '';
let onSignedOut: () => void = () => {};

/** Told whenever the server says that nobody is signed in. */
export function whenSignedOut(told: () => void): void {
  onSignedOut = told;
}

async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: Record<string, unknown> } | null)?.error ?? {};
  const text = (key: string) => (typeof error[key] === 'string' ? (error[key] as string) : '');
  const wait = Number(error.retry_after_s ?? response.headers.get('Retry-After') ?? 0);
  return new ApiError(response.status, text('code') || 'status', text('zh'), text('en'), wait || 0);
}

/** A request of the interface. Screens that come later have their calls in files of their own. */
export async function call<T>(
  method: string,
  path: string,
  body?: object,
  signal?: AbortSignal,
  ifMatch?: string,
): Promise<T> {
  return send<T>(
    method,
    path,
    body ? JSON.stringify(body) : undefined,
    {
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...(ifMatch ? { 'If-Match': ifMatch } : {}),
    },
    signal,
  );
}

/** The same with a body of bytes or text as it is. */
export async function send<T>(
  method: string,
  path: string,
  body: BodyInit | undefined,
  more: Record<string, string>,
  signal?: AbortSignal,
): Promise<T> {
  const headers = { Accept: 'application/json', ...more };
  const response = await answerOf(method, path, body, headers, signal);
  return read(response.status === 204 ? undefined : response.json(), signal) as Promise<T>;
}

/** What a request is answered with, when it is answered well. */
async function answerOf(
  method: string,
  path: string,
  body: BodyInit | undefined,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<Response> {
  const limit = AbortSignal.timeout(patienceMs(path));
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers: { ...headers, ...(method !== 'GET' ? { 'X-CSRF': csrf } : {}) },
      body,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: signal ? anyOf(signal, limit) : limit,
    });
  } catch (problem) {
    if (signal?.aborted) throw problem;
    throw new ApiError(0, limit.aborted ? 'timeout' : 'network', '', '');
  }
  if (!response.ok) {
    const error = await errorOf(response);
    if (error.status === 401 && !(method === 'POST' && path === 'session')) onSignedOut();
    throw error;
  }
  return response;
}

/** The body of an answer, which may break off as well. */
async function read<T>(body: Promise<T> | T, signal?: AbortSignal): Promise<T> {
  try {
    return await body;
  } catch (problem) {
    if (signal?.aborted) throw problem;
    throw new ApiError(0, 'network', '', '');
  }
}

/** AbortSignal.any, which tablets of 2023 do not have. */
function anyOf(...signals: AbortSignal[]): AbortSignal {
  const either = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) either.abort(signal.reason);
    signal.addEventListener('abort', () => either.abort(signal.reason), { once: true });
  }
  return either.signal;
}

export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString();
}

function remembered(session: Session): Session {
  csrf = session.csrf;
  return session;
}

export interface SearchFilters {
  doc_type?: string;
  dossier?: number;
  batch?: number;
}

export const api = {
  session: () => call<Session>('GET', 'session').then(remembered),
  signIn: (name: string, password: string, code = '') =>
    call<Session>('POST', 'session', { name, password, ...(code ? { code } : {}) }).then(
      remembered,
    ),
  beginFactor: (password: string) => call<Factor>('POST', 'session/second-factor', { password }),
  confirmFactor: (password: string, code: string) =>
    call<void>('PUT', 'session/second-factor', { password, code }),
  endFactor: (password: string) => call<void>('DELETE', 'session/second-factor', { password }),
  signOut: () => call<void>('DELETE', 'session'),
  endPurpose: () => call<void>('DELETE', 'session/purpose'),
  purposes: () =>
    call<{ purposes: PurposeChoice[] }>('GET', 'purposes').then((answer) => answer.purposes),
  names: () => call<OfficeNames>('GET', 'names'),
  channels: (signal?: AbortSignal) =>
    call<ChannelMatrix>('GET', 'channels', undefined, signal),
  setPurpose: (purpose: PurposeWish) =>
    call<{ purpose: Purpose }>('PUT', 'session/purpose', purpose).then((answer) => answer.purpose),
  search: (
    q: string,
    after: string,
    limit: number,
    filters: SearchFilters,
    signal?: AbortSignal,
  ) =>
    call<SearchAnswer>(
      'GET',
      `search?${query({ q, after, limit, ...filters })}`,
      undefined,
      signal,
    ),
  dossiers: (
    wish: { state?: string; q?: string; offset: number; limit: number },
    signal?: AbortSignal,
  ) =>
    call<{ total: number; counts: BoardCounts; dossiers: DossierRow[] }>(
      'GET',
      `dossiers?${query(wish)}`,
      undefined,
      signal,
    ),
  dossier: (number: number, signal?: AbortSignal) =>
    call<Dossier>('GET', `dossiers/${number}`, undefined, signal),
  decideFinding: (finding: Finding, state: FindingState, reason: string) =>
    call<Finding>(
      'POST',
      `findings/${finding.finding}/decision`,
      { state, reason },
      undefined,
      finding.etag,
    ),
  page: (number: number, signal?: AbortSignal) =>
    call<Page>('GET', `pages/${number}`, undefined, signal),
  reveal: (number: number, reason: string) =>
    call<Page>('POST', `pages/${number}/reveal`, { reason }),
  person: (number: number, signal?: AbortSignal) =>
    call<Person>('GET', `persons/${number}`, undefined, signal),
  batches: (signal?: AbortSignal) =>
    call<{ batches: Batch[] }>('GET', 'batches', undefined, signal),
  batch: (number: number, signal?: AbortSignal) =>
    call<BatchDetail>('GET', `batches/${number}`, undefined, signal),

  coSign: (name: string, password: string, code: string) =>
    call<Session>('PUT', 'session/co-signer', { name, password, code }).then(remembered),
  claim: (scope: ReviewScope, count: number) =>
    call<Claimed>('POST', 'review/claims', { ...scope, count }),
  claimEqual: (scope: ReviewScope, like: TaskPlace) =>
    call<Claimed>('POST', 'review/claims', {
      ...scope,
      like: { token: like.token, field: like.field, row: like.row },
    }),
  leaveBench: () => call<void>('DELETE', 'review/claims'),
  say: (task: ReviewTask, action: string, said: { value?: string; reason?: string }) =>
    call<{ outcome: string }>(
      'POST',
      taskAddress(task),
      { action, ...said },
      undefined,
      task.etag,
    ),
  takeBack: (task: TaskPlace) =>
    call<{ outcome: string; task: ReviewTask | null }>('POST', taskAddress(task), {
      action: 'take_back',
    }),
  confirmEqual: (tasks: readonly ReviewTask[], reason: string) =>
    call<{ confirmed: number; changed_meanwhile: number }>('POST', 'review/confirmations', {
      reason,
      fields: tasks.map(({ token, field, row, etag }) => ({ token, field, row, etag })),
    }),
  snippet: async (task: TaskPlace, signal?: AbortSignal): Promise<Blob> => {
    const response = await answerOf('GET', `${taskAddress(task)}/snippet`, undefined, {}, signal);
    return read(response.blob(), signal);
  },
  items: (states: string, after: ReviewItem | null, signal?: AbortSignal) =>
    call<{ items: ReviewItem[]; complete: boolean; states: string[] }>(
      'GET',
      `review/items?${query({ states, after_dossier: after?.dossier, after_item: after?.item })}`,
      undefined,
      signal,
    ),
  takeStep: (item: ReviewItem, step: string, reason: string, submitter: string) =>
    call<ReviewItem>(
      'POST',
      `review/items/${item.dossier}/${item.item}/steps`,
      { step, reason, submitter },
      undefined,
      item.etag,
    ),
  corrections: (signal?: AbortSignal) =>
    call<{ corrections: Correction[] }>('GET', 'review/corrections', undefined, signal),
  decideCorrection: (number: number, verdict: 'approved' | 'refused', reason: string) =>
    call<Correction>('POST', `review/corrections/${number}`, { verdict, reason }),
  proposeCorrection: (correction: {
    page: number;
    field: string;
    row: number | null;
    value: string;
    reason: string;
    evidence: number;
  }) => call<Correction>('POST', 'review/corrections', correction),
};

/** Whether a page was read anew, turned or corrected since. Nothing for who cannot ask now. */
export async function pageChanged(number: number, etag: string): Promise<boolean> {
  try {
    const response = await fetch(`/api/v1/pages/${number}`, {
      headers: { 'If-None-Match': etag },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Why a picture cannot be shown: asked for as a piece that no preview is. */
export async function pictureProblem(token: string): Promise<ApiError> {
  try {
    const response = await fetch(
      `/iiif/3/${encodeURIComponent(token)}/full/!512,512/0/default.jpg`,
      { credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) },
    );
    if (!response.ok) return await errorOf(response);
  } catch {
    // As below: it may come at the next try.
  }
  return new ApiError(0, 'network', '', '');
}

/** A request whose body, or answer, is no JSON. */
export function callRaw(method: string, path: string, body: BodyInit): Promise<Response> {
  const type = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
  return answerOf(method, path, body, { 'Content-Type': type });
}

/** Where the picture of a page is described (IIIF Image API 3). */
export function pictureAddress(token: string): string {
  return `/iiif/3/${encodeURIComponent(token)}/info.json`;
}

/** A small picture of a page, upright. */
export function thumbnailAddress(token: string, rotation: number, size = 200): string {
  const degrees = (360 - rotation) % 360;
  return `/iiif/3/${encodeURIComponent(token)}/full/!${size},${size}/${degrees}/default.jpg`;
}
