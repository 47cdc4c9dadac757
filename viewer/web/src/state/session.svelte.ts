// Who is signed in, and for whom they ask.

import { api, ApiError, whenSignedOut } from '../api/client';
import type { Purpose, Session } from '../api/types';

/** Whether somebody signed in on this browser and did not sign out; else nobody need be asked. */
const signedInKey = 'juanzong.signed_in';

/** "Next person" was said and the server may not have heard it: its purpose must not count here. */
const finishedKey = 'juanzong.purpose_finished';

/** Who works at the review bench: each of its tabs asks for some of these. */
export const reviewRights = ['describe', 'review', 'recheck', 'approve'] as const;

class SessionState {
  state: 'starting' | 'signed_out' | 'signed_in' | 'unreachable' = $state('starting');
  session: Session | null = $state.raw(null);
  purpose: Purpose | null = $state.raw(null);
  /** Who of the office signs what somebody from outside changes, and until when (epoch ms). */
  coSigner: { name: string; until: number } | null = $state.raw(null);

  async start(): Promise<void> {
    whenSignedOut(() => this.forget());
    if (!localStorage.getItem(signedInKey)) {
      this.state = 'signed_out';
      return;
    }
    try {
      this.enter(await api.session());
      if (sessionStorage.getItem(finishedKey)) this.purpose = null;
    } catch (problem) {
      if (!(problem instanceof ApiError) || problem.status !== 401) this.state = 'unreachable';
    }
  }

  async signIn(name: string, password: string, code: string): Promise<void> {
    this.enter(await api.signIn(name, password, code));
    sessionStorage.removeItem(finishedKey);
  }

  /** What the server says now of who is signed in. */
  async refresh(): Promise<void> {
    this.session = await api.session();
  }

  async signOut(): Promise<void> {
    await api.signOut().catch((problem: unknown) => {
      if (!(problem instanceof ApiError) || problem.status !== 401) throw problem;
    });
    this.forget();
  }

  async setPurpose(purpose: Purpose): Promise<void> {
    this.purpose = await api.setPurpose(purpose);
    sessionStorage.removeItem(finishedKey);
  }

  async finishPurpose(): Promise<void> {
    this.purpose = null;
    sessionStorage.setItem(finishedKey, 'yes');
    await api.endPurpose();
    sessionStorage.removeItem(finishedKey);
  }

  async coSign(name: string, password: string, code: string): Promise<void> {
    this.enter(await api.coSign(name, password, code));
  }

  may(right: string): boolean {
    return this.session?.rights.includes(right) ?? false;
  }

  mayOneOf(rights: readonly string[]): boolean {
    return rights.some((right) => this.may(right));
  }

  private enter(session: Session): void {
    this.session = session;
    this.purpose = session.purpose ?? null;
    const signer = session.co_signer;
    this.coSigner = signer
      ? { name: signer.name, until: Date.now() + signer.expires_in_s * 1000 }
      : null;
    this.state = 'signed_in';
    localStorage.setItem(signedInKey, 'yes');
  }

  private forget(): void {
    localStorage.removeItem(signedInKey);
    this.session = null;
    this.purpose = null;
    this.coSigner = null;
    this.state = 'signed_out';
    for (const told of this.forgetters) told();
  }

  /** Those who hold data of dossiers in memory, and must not once nobody is signed in. */
  private forgetters: (() => void)[] = [];
  onForget(told: () => void): void {
    this.forgetters.push(told);
  }
}

export const session = new SessionState();
