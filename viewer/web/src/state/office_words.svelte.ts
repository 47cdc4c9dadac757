// Words of the screens that offices use beside the counter. They come with the first such screen.

import type { Language } from '../../office_words';
import type { OfficeScreenWords } from '../words/office.zh';
import { language, pick } from './words.svelte';

const loaders: Record<Language, () => Promise<OfficeScreenWords>> = {
  zh: () => import('../words/office.zh').then((file) => file.default),
  en: () => import('../words/office.en').then((file) => file.default),
};

let loaded: { language: Language; words: OfficeScreenWords } | null = $state.raw(null);

export async function loadOfficeWords(wanted: Language): Promise<void> {
  if (loaded?.language === wanted) return;
  const words = await loaders[wanted]();
  if (language() === wanted) loaded = { language: wanted, words };
}

export type OfficeKey = keyof OfficeScreenWords;

/** The words for a key; {name} is replaced by the value of that name. */
export function o(key: OfficeKey, values: Record<string, string | number> = {}): string {
  const text: string = loaded?.words[key] ?? '';
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Of a stable word of the server that has words here; itself when it has none. */
export function named(prefix: string, word: string): string {
  const key = `${prefix}.${word}` as OfficeKey;
  return loaded?.words[key] ?? word;
}

export { pick };
