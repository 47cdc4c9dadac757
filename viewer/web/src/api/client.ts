// The one place that talks with the server. Answers are values; whatever goes wrong is an ApiError.

import { taskAddress, type TaskPlace } from '../logic/review';
import type {
  Batch,
  BatchDetail,
  Claimed,
  Correction,
  Dossier,
  DossierRow,
  Factor,
  Page,
  Person,
  Purpose,
  ReviewItem,
  ReviewScope,
  ReviewTask,
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

async function call<T>(
  method: string,
  path: string,
  body?: object,
  signal?: AbortSignal,
  ifMatch?: string,
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (ifMatch) headers['If-Match'] = ifMatch;
  if (body) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRF'] = csrf;
  const limit = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers,
      body: body ? JSON.stringify(body) : undefined,
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
  return (response.status === 204 ? undefined : await response.json()) as T;
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

function query(values: Record<string, string | number | undefined>): string {
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
  setPurpose: (purpose: Purpose) =>
    call<{ purpose: Purpose }>('PUT', 'session/purpose', purpose).then((answer) => answer.purpose),
  search: (
    q: string,
    offset: number,
    limit: number,
    filters: SearchFilters,
    signal?: AbortSignal,
  ) =>
    call<SearchAnswer>(
      'GET',
      `search?${query({ q, offset, limit, ...filters })}`,
      undefined,
      signal,
    ),
  dossiers: (offset: number, limit: number, signal?: AbortSignal) =>
    call<{ total: number; dossiers: DossierRow[] }>(
      'GET',
      `dossiers?${query({ offset, limit })}`,
      undefined,
      signal,
    ),
  dossier: (number: number, signal?: AbortSignal) =>
    call<Dossier>('GET', `dossiers/${number}`, undefined, signal),
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
    const response = await fetch(`/api/v1/${taskAddress(task)}/snippet`, {
      credentials: 'same-origin',
      signal,
    });
    if (!response.ok) throw await errorOf(response);
    return response.blob();
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

/** Where the picture of a page is described (IIIF Image API 3). */
export function pictureAddress(token: string): string {
  return `/iiif/3/${encodeURIComponent(token)}/info.json`;
}

/** A small picture of a page, upright. */
export function thumbnailAddress(token: string, rotation: number, size = 200): string {
  const degrees = (360 - rotation) % 360;
  return `/iiif/3/${encodeURIComponent(token)}/full/!${size},${size}/${degrees}/default.jpg`;
}
