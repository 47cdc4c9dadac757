// Prints and certified copies, and their register.

import { call, callRaw } from './client';

export interface Copy {
  copy: number;
  serial: string;
  kind: 'print' | 'certified';
  dossier: number;
  dossier_no?: string;
  pages: number[];
  for_whom: string;
  agent: string;
  authority: string;
  purpose: string;
  channel: string;
  made_by: string;
  made_at: string;
  prints: number;
}

export interface CopyWish {
  kind: Copy['kind'];
  dossier: number;
  pages: number[];
  /** Where no purpose is recorded at the counter. */
  for_whom?: string;
  purpose?: string;
}

/** A copy has its serial once: what was entered and not printed is printed when asked again. */
export class Issues {
  private wish = '';
  private copy: Copy | null = null;

  async of(wish: CopyWish): Promise<Copy> {
    const said = JSON.stringify(wish);
    if (!this.copy || said !== this.wish) {
      this.copy = await copiesApi.issue(wish);
      this.wish = said;
    }
    return this.copy;
  }
}

export const copiesApi = {
  list: (before: number, signal?: AbortSignal) =>
    call<{ copies: Copy[]; next: number | null }>(
      'GET',
      before ? `copies?before=${before}` : 'copies',
      undefined,
      signal,
    ),
  issue: (wish: CopyWish) => call<Copy>('POST', 'copies', wish),
  /** The copy as a PDF; again only with a reason. */
  print: async (copy: number, reason: string): Promise<Blob> => {
    const response = await callRaw('POST', `copies/${copy}/prints`, JSON.stringify({ reason }));
    return response.blob();
  },
};
