// What a person set on this browser. Nothing of it is about a dossier.

import type { Language } from '../../office_words';

export type Theme = 'system' | 'light' | 'dark';

function read(key: string): string | null {
  try {
    return localStorage.getItem(`juanzong.${key}`);
  } catch {
    return null; // storage is forbidden: the setting lasts as long as the window
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`juanzong.${key}`, value);
  } catch {
    return;
  }
}

function oneOf<T extends string>(value: string | null, values: readonly T[], otherwise: T): T {
  return values.find((known) => known === value) ?? otherwise;
}

class Settings {
  language: Language = $state(
    oneOf(read('language'), ['zh', 'en'], navigator.language.startsWith('zh') ? 'zh' : 'en'),
  );
  theme: Theme = $state(oneOf(read('theme'), ['system', 'light', 'dark'], 'system'));
  singleKeys: boolean = $state(read('single_keys') !== 'off');

  setLanguage(language: Language): void {
    this.language = language;
    write('language', language);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    write('theme', theme);
  }

  setSingleKeys(on: boolean): void {
    this.singleKeys = on;
    write('single_keys', on ? 'on' : 'off');
  }
}

export const settings = new Settings();
