// Addresses of the screens. What a clerk typed never stands in an address: addresses stay in the
// browser's history, and names and numbers of citizens must not.

export type Route =
  | { screen: 'search' }
  | { screen: 'dossiers' }
  | {
      screen: 'reader';
      dossier: number;
      page: number | null;
      contents: string;
      repair: RepairBegun | null;
    }
  | { screen: 'page'; page: number; repair: RepairBegun | null }
  | { screen: 'batches'; batch: number | null }
  | { screen: 'person'; person: number }
  | {
      screen: 'review';
      tab: ReviewTab;
      batch: number | null;
      dossier: number | null;
      below: number | null;
    }
  | { screen: 'keeping'; section: KeepingSection }
  | { screen: 'admin'; section: AdminSection }
  | { screen: 'audit' }
  | { screen: 'upload' }
  | { screen: 'channels' }
  | { screen: 'copies' }
  | { screen: 'nowhere' };

export const reviewTabs = ['values', 'items', 'keying'] as const;
export type ReviewTab = (typeof reviewTabs)[number];

/** A repair that an address begins: of a page that was set aside, from its batch. */
const repairsBegun = ['replace', 'insert'] as const;
export type RepairBegun = (typeof repairsBegun)[number];

/** Parts of the screen of records management, and of that of administration. */
export const keepingSections = [
  'tasks',
  'retention',
  'appraisals',
  'disposals',
  'loans',
  'places',
  'packages',
  'custody',
] as const;
export type KeepingSection = (typeof keepingSections)[number];
export const adminSections = ['users', 'units', 'settings', 'selfcheck'] as const;
export type AdminSection = (typeof adminSections)[number];

function sectionOf<Section extends string>(
  sections: readonly Section[],
  name: string | undefined,
): Section | null {
  return name === undefined ? sections[0]! : (sections.find((each) => each === name) ?? null);
}

const numbered = /^[1-9]\d{0,15}$/;

function numberIn(text: string | null | undefined): number | null {
  return text && numbered.test(text) ? Number(text) : null;
}

function repairIn(text: string | null): RepairBegun | null {
  return repairsBegun.find((each) => each === text) ?? null;
}

function shareIn(text: string | null): number | null {
  const share = text === null ? NaN : Number(text);
  return share > 0 && share <= 1 ? share : null;
}

export function routeOf(path: string, search = ''): Route {
  const [first = '', second, ...rest] = path.split('/').filter(Boolean);
  const values = new URLSearchParams(search);
  if (rest.length > 0) return { screen: 'nowhere' };
  if (first === 'review') {
    const tab = reviewTabs.find((each) => each === (second ?? 'values'));
    if (!tab) return { screen: 'nowhere' };
    return {
      screen: 'review',
      tab,
      batch: numberIn(values.get('batch')),
      dossier: numberIn(values.get('dossier')),
      below: shareIn(values.get('below')),
    };
  }
  if (first === 'keeping') {
    const section = sectionOf(keepingSections, second);
    return section ? { screen: 'keeping', section } : { screen: 'nowhere' };
  }
  if (first === 'admin') {
    const section = sectionOf(adminSections, second);
    return section ? { screen: 'admin', section } : { screen: 'nowhere' };
  }
  const number = numberIn(second);
  if (second !== undefined && number === null) return { screen: 'nowhere' };
  switch (first) {
    case '':
      return { screen: 'search' };
    case 'dossiers':
      return number === null
        ? { screen: 'dossiers' }
        : {
            screen: 'reader',
            dossier: number,
            page: numberIn(values.get('page')),
            contents: values.get('contents') ?? '',
            repair: repairIn(values.get('repair')),
          };
    case 'pages':
      return number === null
        ? { screen: 'nowhere' }
        : { screen: 'page', page: number, repair: repairIn(values.get('repair')) };
    case 'batches':
      return { screen: 'batches', batch: number };
    case 'audit':
      return second === undefined ? { screen: 'audit' } : { screen: 'nowhere' };
    case 'upload':
      return second === undefined ? { screen: 'upload' } : { screen: 'nowhere' };
    case 'channels':
    case 'copies':
      return number === null ? { screen: first } : { screen: 'nowhere' };
    case 'persons':
      return number === null ? { screen: 'nowhere' } : { screen: 'person', person: number };
    default:
      return { screen: 'nowhere' };
  }
}

class Router {
  route: Route = $state.raw({ screen: 'search' });
  /** Whether Esc may go back within the application rather than leave it. */
  private steps = 0;

  start(): void {
    this.read();
    window.addEventListener('popstate', () => {
      this.steps = Math.max(0, this.steps - 1);
      this.read();
    });
  }

  private read(): void {
    this.route = routeOf(location.pathname, location.search);
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.steps++;
    this.read();
  }

  /** The same screen with another address: pages turned in a reader are not steps to go back. */
  replace(path: string): void {
    history.replaceState(null, '', path);
    this.read();
  }

  back(otherwise: string): void {
    if (this.steps > 0) history.back();
    else this.replace(otherwise);
  }
}

export const router = new Router();

export const paths = {
  search: '/',
  dossiers: '/dossiers',
  batches: '/batches',
  review: '/review',
  reviewTab: (tab: ReviewTab, search = '') => `/review/${tab}${search}`,
  audit: '/audit',
  upload: '/upload',
  keeping: (section: KeepingSection = 'tasks') =>
    section === 'tasks' ? '/keeping' : `/keeping/${section}`,
  admin: (section: AdminSection = 'users') =>
    section === 'users' ? '/admin' : `/admin/${section}`,
  channels: '/channels',
  copies: '/copies',
  page: (page: number) => `/pages/${page}`,
  batch: (batch: number) => `/batches/${batch}`,
  person: (person: number) => `/persons/${person}`,
  reader: (dossier: number, page?: number | null) =>
    page ? `/dossiers/${dossier}?page=${page}` : `/dossiers/${dossier}`,
  repair: (page: number, repair: RepairBegun) => `/pages/${page}?repair=${repair}`,
  repairIn: (dossier: number, page: number, repair: RepairBegun) =>
    `/dossiers/${dossier}?page=${page}&repair=${repair}`,
  contents: (dossier: number, contents: string) => `/dossiers/${dossier}?contents=${contents}`,
};

/** For links: a click that the browser should not take as its own leads to another screen. */
export function follow(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.hash || link.origin !== location.origin) return;
  event.preventDefault();
  router.go(link.pathname + link.search);
}
