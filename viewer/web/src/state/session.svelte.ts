// Who is signed in, and for whom they ask.

import { api, ApiError, whenSignedOut } from '../api/client';
import { setClock } from '../logic/clock';
import type { Purpose, PurposeChoice, PurposeWish, Session } from '../api/types';

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
  /** Somebody signed out and the server did not hear it: its session ends by itself only. */
  stillOpen = $state(false);
  /** Who of the office signs what somebody from outside changes, and until when (epoch ms). */
  coSigner: { name: string; until: number } | null = $state.raw(null);
  /** What records may be looked at for; asked once. */
  purposes: PurposeChoice[] = $state.raw([]);

  async start(): Promise<void> {
    whenSignedOut(() => this.forget());
    if (!localStorage.getItem(signedInKey)) {
      this.state = 'signed_out';
      return;
    }
    try {
      this.enter(await api.session());
    } catch (problem) {
      if (!(problem instanceof ApiError) || problem.status !== 401) this.state = 'unreachable';
    }
  }

  async signIn(name: string, password: string, code: string): Promise<void> {
    const session = await api.signIn(name, password, code);
    sessionStorage.removeItem(finishedKey);
    this.enter(session);
  }

  /** What the server says now of who is signed in. */
  async refresh(): Promise<void> {
    this.session = await api.session();
  }

  /** Nothing is shown any more, whether the server hears it or not; then it must be told. */
  async signOut(): Promise<void> {
    const heard = await api.signOut().then(
      () => true,
      (problem: unknown) => problem instanceof ApiError && problem.status === 401,
    );
    this.forget();
    this.stillOpen = !heard;
  }

  async loadPurposes(): Promise<void> {
    if (this.purposes.length === 0) this.purposes = await api.purposes();
  }

  purposeNamed(id: string): PurposeChoice | undefined {
    return this.purposes.find((choice) => choice.id === id);
  }

  async setPurpose(purpose: PurposeWish): Promise<void> {
    await this.finishing; // what ends the last one must not end this one
    this.purpose = await api.setPurpose(purpose);
    sessionStorage.removeItem(finishedKey);
  }

  private finishing: Promise<void> = Promise.resolve();
  async finishPurpose(): Promise<void> {
    this.purpose = null;
    sessionStorage.setItem(finishedKey, 'yes');
    const ended = api.endPurpose();
    this.finishing = ended.catch(() => {});
    await ended;
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
    setClock(session.now);
    this.session = session;
    this.stillOpen = false;
    this.purpose = sessionStorage.getItem(finishedKey) ? null : (session.purpose ?? null);
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
