// The words of the present language. Both languages are files of their own, loaded when wanted.

import type { Language, OfficeWords } from '../../office_words';
import type { ApiError } from '../api/client';
import type { OfficeNames } from '../api/types';
import type { Words } from '../words/zh';
import { settings } from './settings.svelte';

interface Loaded {
  language: Language;
  words: Words;
  office: OfficeWords;
}

const loaders: Record<Language, () => Promise<[Words, OfficeWords]>> = {
  zh: async () => {
    const [own, office] = await Promise.all([
      import('../words/zh'),
      import('virtual:office-words/zh'),
    ]);
    return [own.default, office.default];
  },
  en: async () => {
    const [own, office] = await Promise.all([
      import('../words/en'),
      import('virtual:office-words/en'),
    ]);
    return [own.default, office.default];
  },
};

let loaded: Loaded | null = $state.raw(null);

export async function loadWords(language: Language): Promise<void> {
  const [words, office] = await loaders[language]();
  if (settings.language !== language) return; // switched again meanwhile
  loaded = { language, words, office };
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

/** The words for a key; {name} is replaced by the value of that name. */
export function t(key: keyof Words, values: Record<string, string | number> = {}): string {
  const text: string = loaded?.words[key] ?? '';
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function language(): Language {
  return loaded?.language ?? settings.language;
}

/** Of two wordings the one in the present language. */
export function pick(words: { zh: string; en: string } | null | undefined): string {
  return words?.[language()] ?? '';
}

/** What the tables in use call things: an office's own are not those this was built with. */
let told: OfficeNames = $state.raw({ types: {}, fields: {} });

export function useNames(names: OfficeNames): void {
  told = names;
}

/** Who has no English name for it is shown the one on the form. */
function inWords(name: { zh: string; en: string } | undefined): string | undefined {
  return name && (name[language()] || name.zh || undefined);
}

export function docTypeName(docType: string, given?: string): string {
  return inWords(told.types[docType]) ?? loaded?.office.docTypes[docType] ?? given ?? docType;
}

/** All types of papers, by code. */
export function docTypes(): [code: string, name: string][] {
  const codes = Object.keys(told.types);
  const all = codes.length > 0 ? codes : Object.keys(loaded?.office.docTypes ?? {});
  return all
    .map((code): [string, string] => [code, docTypeName(code)])
    .sort(([a], [b]) => a.localeCompare(b));
}

/** What is no field of a form but can be asked for like one (docs/FINDING.md). */
const asked = [
  'batch',
  'class',
  'confidence',
  'doc_type',
  'dossier',
  'dossier_title',
  'id_type',
  'operator',
  'period',
  'retention',
  'review',
  'seal',
  'title',
  'year',
] as const;

function askedName(field: string): string | undefined {
  const known = asked.find((each) => each === field);
  return known && t(`asked.${known}`);
}

/** `printed` is for fields of papers that nobody described. Without a type: of any form. */
export function fieldName(docType: string, field: string, printed?: string): string {
  const { fields = {} } = loaded?.office ?? {};
  const anywhere = () => Object.values(told.fields).find((form) => field in form)?.[field];
  return (
    inWords(told.fields[docType]?.[field]) ??
    fields[`${docType}.${field}`] ??
    fields[`*.${field}`] ??
    (docType === '' ? inWords(anywhere()) : undefined) ??
    printed ??
    askedName(field) ??
    field
  );
}

export function faultText(reason: string): { text: string; whatToDo: string } {
  return loaded?.office.reasons[`fault.${reason}`] ?? { text: reason, whatToDo: '' };
}

export function reviewText(reason: string): { text: string; whatToDo: string } {
  return loaded?.office.reasons[`review.${reason}`] ?? { text: reason, whatToDo: '' };
}

/** What to tell a person about a failed request. */
export function errorText(error: ApiError): string {
  const said = pick(error);
  if (error.code === 'too_many' && error.retryAfterS > 0) {
    return t('error.too_many', { seconds: error.retryAfterS });
  }
  if (said) return said;
  switch (error.code) {
    case 'network':
      return t('error.network');
    case 'timeout':
      return t('error.timeout');
  }
  switch (error.status) {
    case 401:
      return t('error.who');
    case 403:
      return t('error.forbidden');
    case 404:
      return t('error.not_found');
    case 409:
      return t('error.conflict');
    default:
      return t('error.other', { status: error.status });
  }
}

/** The tiers of a search (docs/FINDING.md); "field" is told apart in hitReason. */
const reasons = [
  'phrase',
  'words',
  'part',
  'range',
  'star',
  'near',
  'folded',
  'pinyin',
  'look_alike',
  'scattered',
  'pieces',
] as const;

/** Why a page is a hit: the index says "field:person_name", or a tier such as "phrase". */
export function hitReason(reason: string, docType: string): string {
  const field = reason.match(/^field:(.+)$/)?.[1];
  if (reason === 'field') return t('reason.value');
  if (field) return t('reason.field', { field: fieldName(docType, field) });
  const known = reasons.find((each) => each === reason);
  return known ? t(`reason.${known}`) : reason;
}
