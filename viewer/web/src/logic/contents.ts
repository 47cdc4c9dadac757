// A dossier's contents 卷内目录 as the rail beside the page shows them: items in order, pages that
// belong to none (cover, catalogue, closing sheet), pages that were set aside.

import type { Dossier, Finding, FindingState, PageBrief, Severity } from '../api/types';

export interface ContentsPart {
  kind: 'item' | 'loose' | 'set_aside';
  item: Dossier['items'][number] | null;
  pages: PageBrief[];
}

/** Every page stands in exactly one part; pages of an item that is not listed are loose. */
export function contentsOf(dossier: Pick<Dossier, 'items' | 'pages'>): ContentsPart[] {
  const items = new Map(dossier.items.map((item) => [item.number, item]));
  const parts: ContentsPart[] = [];
  const setAside: PageBrief[] = [];
  const ordered = [...dossier.pages].sort((a, b) => a.page_of_dossier - b.page_of_dossier);
  for (const page of ordered) {
    if (page.state === 'set_aside') {
      setAside.push(page);
      continue;
    }
    const item = items.get(page.item) ?? null;
    const last = parts[parts.length - 1];
    if (last && last.item === item) last.pages.push(page);
    else parts.push({ kind: item ? 'item' : 'loose', item, pages: [page] });
  }
  if (setAside.length > 0) parts.push({ kind: 'set_aside', item: null, pages: setAside });
  return parts;
}

const gravity: Record<Severity, number> = { error: 0, warn: 1, info: 2 };

export function isOpen(finding: Finding): boolean {
  return finding.state === 'open';
}

/** What can be decided about it now. */
export function decisionsOn(finding: Finding): FindingState[] {
  return isOpen(finding) ? ['accepted', 'corrected'] : ['accepted', 'corrected', 'open'];
}

/** Those not yet decided first, then the gravest, then those that this page bears. */
export function sortedFindings(findings: readonly Finding[], page: number): Finding[] {
  const here = (f: Finding) => (f.places.some((place) => place.page === page) ? 0 : 1);
  return [...findings].sort(
    (a, b) =>
      Number(isOpen(b)) - Number(isOpen(a)) ||
      gravity[a.severity] - gravity[b.severity] ||
      here(a) - here(b) ||
      a.finding - b.finding,
  );
}

/** The gravest open finding of each page, for the marks beside the thumbnails. */
export function gravestByPage(findings: readonly Finding[]): Map<number, Severity> {
  const marks = new Map<number, Severity>();
  for (const finding of findings.filter(isOpen)) {
    for (const { page } of finding.places) {
      const known = marks.get(page);
      if (!known || gravity[finding.severity] < gravity[known]) marks.set(page, finding.severity);
    }
  }
  return marks;
}
