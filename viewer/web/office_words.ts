// Words that the archive has for papers, fields and reasons: read from config/ while building,
// so that the screens and the program never call one thing by two names.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

export type Language = 'zh' | 'en';

export interface OfficeWords {
  docTypes: Record<string, string>;
  /** By "type.field", and by "*.field" where all types agree or for lack of anything nearer. */
  fields: Record<string, string>;
  /** fault.*, review.* of config/messages.csv: what happened, and what to do. */
  reasons: Record<string, { text: string; whatToDo: string }>;
}

const config = fileURLToPath(new URL('../../config/', import.meta.url));
export const sources = ['domain/document_types.csv', 'domain/fields.csv', 'messages.csv'].map(
  (name) => config + name,
);
const forms = readdirSync(`${config}forms`)
  .filter((name) => /^DT\d+\.toml$/.test(name))
  .map((name) => `${config}forms/${name}`);

/** Cells of a line; a cell with commas stands in double quotes, which are doubled inside. */
export function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quoted && c === '"' && line[i + 1] === '"') {
      cell += c;
      i++;
    } else if (c === '"') {
      quoted = !quoted;
    } else if (c === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else {
      cell += c;
    }
  }
  return [...cells, cell];
}

function rowsOf(file: string): Record<string, string>[] {
  const lines = readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line && line[0] !== '#');
  const names = cellsOf(lines[0] ?? '');
  return lines.slice(1).map((line) => {
    const cells = cellsOf(line);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}

/** Names that a form gives its fields: each begins with its id; label and English name follow. */
export function formFields(toml: string): { id: string; label: string; name_en: string }[] {
  const fields: { id: string; label: string; name_en: string }[] = [];
  for (const line of toml.split('\n')) {
    const found = line.match(/^(id|label|name_en) = "((?:[^"\\]|\\.)*)"/);
    if (!found) continue;
    const [, key, value] = found as unknown as [string, 'id' | 'label' | 'name_en', string];
    if (key === 'id') fields.push({ id: value, label: '', name_en: '' });
    else if (fields.length > 0) fields[fields.length - 1]![key] ||= value;
  }
  return fields;
}

export function officeWords(language: Language): OfficeWords {
  const [types, fields, messages] = sources.map(rowsOf) as [
    Record<string, string>[],
    Record<string, string>[],
    Record<string, string>[],
  ];
  const name = language === 'zh' ? 'name_zh' : 'name_en';
  const label = language === 'zh' ? 'label_zh' : 'name_en';
  const words: OfficeWords = { docTypes: {}, fields: {}, reasons: {} };
  for (const row of types) words.docTypes[row.doc_type!] = row[name]!;
  for (const row of fields) words.fields[`${row.doc_type}.${row.field}`] = row[label]!;
  for (const file of forms) {
    const type = file.match(/DT\d+/)![0];
    for (const field of formFields(readFileSync(file, 'utf8'))) {
      const text = language === 'zh' ? field.label : field.name_en;
      if (text) words.fields[`${type}.${field.id}`] ??= text;
    }
  }
  for (const [key, text] of Object.entries(words.fields)) {
    words.fields[`*.${key.split('.')[1]}`] ??= text;
  }
  for (const [key, text] of Object.entries(words.fields)) {
    if (!key.startsWith('*.') && words.fields[`*.${key.split('.')[1]}`] === text) {
      delete words.fields[key];
    }
  }
  for (const row of messages) {
    if (!/^(fault|review)\./.test(row.id!)) continue;
    words.reasons[row.id!] = { text: row[language]!, whatToDo: row[`${language}_what_to_do`]! };
  }
  return words;
}

const prefix = 'virtual:office-words/';

export function officeWordsPlugin(): Plugin {
  return {
    name: 'office-words',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      for (const file of [...sources, ...forms]) this.addWatchFile(file);
      const language = id.endsWith('zh') ? 'zh' : 'en';
      return `export default ${JSON.stringify(officeWords(language))};`;
    },
  };
}
