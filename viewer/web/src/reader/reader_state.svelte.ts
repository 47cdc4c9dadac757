// What the reader shows: one dossier, one page of it, and how.

import { api, ApiError, pageChanged } from '../api/client';
import type { Dossier, Finding, FindingState, Page, PageBrief } from '../api/types';
import { contentsOf, gravestByPage } from '../logic/contents';
import { degreesToShow, levelling, type Quad } from '../logic/geometry';
import { stepped } from '../logic/hits';
import { search } from '../state/search.svelte';
import { findingQuads } from './boxes';

export type Tab = 'fields' | 'findings' | 'about';

function asApiError(problem: unknown): ApiError {
  return problem instanceof ApiError ? problem : new ApiError(0, 'network', '', '');
}

export class ReaderState {
  dossier: Dossier | null = $state.raw(null);
  dossierError: ApiError | null = $state.raw(null);
  number = $state(0);
  page: Page | null = $state.raw(null);
  pageError: ApiError | null = $state.raw(null);

  turned = $state(0);
  original = $state(false);
  text = $state(false);
  boxes = $state(true);
  rail = $state(true);
  panel = $state(true);
  tab: Tab = $state('fields');
  marked = $state('');
  finding: Finding | null = $state.raw(null);
  /** Places to move to; a new object each time, so that asking twice moves twice. */
  wanted: { quads: readonly Quad[] } | null = $state.raw(null);

  readonly parts = $derived(this.dossier ? contentsOf(this.dossier) : []);
  readonly pages = $derived(this.parts.flatMap((part) => part.pages));
  readonly marks = $derived(gravestByPage(this.dossier?.report.findings ?? []));
  readonly index = $derived(this.pages.findIndex((page) => page.page === this.number));
  readonly brief: PageBrief | null = $derived(this.pages[this.index] ?? null);
  readonly hit = $derived(search.hitOf(this.number));
  readonly hitIndex = $derived(search.shown.findIndex((hit) => hit.page === this.number));
  /** Upright and level, or as it was scanned. */
  readonly degrees = $derived(
    degreesToShow(this.original ? 0 : (this.brief?.rotation ?? 0), this.turned) +
      (this.original ? 0 : levelling(this.page?.skew_degrees ?? 0)),
  );

  private loadingPage: AbortController | null = null;

  async openDossier(number: number, signal: AbortSignal): Promise<void> {
    this.dossierError = null;
    try {
      this.dossier = await api.dossier(number, signal);
    } catch (problem) {
      if (!signal.aborted) this.dossierError = asApiError(problem);
    }
  }

  /** The page that is shown is not as it is in the archive any more. */
  outdated = $state(false);
  async lookAgain(): Promise<void> {
    const { page } = this;
    if (!page || this.outdated) return;
    const changed = await pageChanged(page.page, page.etag);
    if (changed && this.page === page) this.outdated = true;
  }

  /** The dossier and the page as they are now, after something was changed. */
  async refresh(): Promise<void> {
    if (!(await this.refreshDossier())) return;
    if (this.pages.some((page) => page.page === this.number)) {
      await this.loadPage();
    } else {
      await this.openPage(this.pages[0]?.page ?? 0);
    }
  }

  /** Whether the dossier that is shown is now as it is in the archive. */
  private async refreshDossier(): Promise<boolean> {
    const number = this.dossier?.number;
    if (!number) return false;
    try {
      const dossier = await api.dossier(number);
      if (this.dossier?.number !== number) return false; // another one was opened meanwhile
      this.dossier = dossier;
      return true;
    } catch (problem) {
      if (this.dossier?.number === number) this.dossierError = asApiError(problem);
      return false;
    }
  }

  /** Writes down what was decided about a finding. Throws ApiError. */
  async decideFinding(finding: Finding, state: FindingState, reason: string): Promise<void> {
    try {
      await api.decideFinding(finding, state, reason);
    } catch (problem) {
      const error = asApiError(problem);
      // Somebody else was quicker: what is shown is old.
      if (error.status === 412) await this.refreshDossier();
      throw error;
    }
    await this.refreshDossier();
  }

  /** The page to begin with: the one asked for, one of the contents asked for, or the first. */
  firstPage(asked: number | null, contents: string): number {
    const known = (page: number | null | undefined) => this.pages.some((p) => p.page === page);
    if (asked !== null && known(asked)) return asked;
    const groups = this.dossier?.report.overview.record_contents ?? [];
    const wanted = groups.find((group) => group.id === contents)?.pages.find(known);
    return wanted ?? this.pages[0]?.page ?? 0;
  }

  async openPage(number: number): Promise<void> {
    if (number === this.number && (this.page || this.loadingPage)) return;
    this.loadingPage?.abort();
    this.loadingPage = null;
    this.number = number;
    this.page = null;
    this.pageError = null;
    this.turned = 0;
    this.marked = '';
    if (this.finding && !this.finding.places.some((place) => place.page === number)) {
      this.finding = null;
    }
    if (number === 0) return;
    const hitBoxes = this.hit?.boxes ?? [];
    const findingBoxes = findingQuads(this.finding, number);
    const first = findingBoxes.length > 0 ? findingBoxes : hitBoxes;
    this.wanted = first.length > 0 ? { quads: first } : null;
    await this.loadPage();
  }

  async loadPage(): Promise<void> {
    this.loadingPage?.abort();
    const loading = new AbortController();
    this.loadingPage = loading;
    this.pageError = null;
    this.outdated = false;
    try {
      const page = await api.page(this.number, loading.signal);
      if (!loading.signal.aborted) this.page = page;
    } catch (problem) {
      if (!loading.signal.aborted) this.pageError = asApiError(problem);
    } finally {
      if (this.loadingPage === loading) this.loadingPage = null;
    }
  }

  async reveal(reason: string): Promise<void> {
    const number = this.number;
    const page = await api.reveal(number, reason);
    if (number === this.number) this.page = page;
  }

  /** The number of the page so many steps on; nothing at the ends. */
  pageAt(step: number): number | null {
    const index = stepped(this.index, step, this.pages.length);
    return index >= 0 && index !== this.index ? (this.pages[index]?.page ?? null) : null;
  }

  /** The first page of the next item, or of the one before. */
  itemAt(step: number): number | null {
    const at = this.parts.findIndex((part) => part.pages.some((p) => p.page === this.number));
    const index = stepped(at, step, this.parts.length);
    return index >= 0 && index !== at ? (this.parts[index]?.pages[0]?.page ?? null) : null;
  }

  mark(key: string, quad: Quad | null): void {
    this.marked = key;
    if (quad) this.wanted = { quads: [quad] };
  }

  showFinding(finding: Finding): void {
    this.finding = finding;
    const quads = findingQuads(finding, this.number);
    if (quads.length > 0) this.wanted = { quads };
  }
}
