import { describe, expect, test } from 'vitest';
import { cellsOf, formFields, officeWords } from '../office_words';
import { packageFolder } from '../licences';
import { bindings } from '../src/logic/keyboard';
import en from '../src/words/en';
import officeEn from '../src/words/office.en';
import officeZh from '../src/words/office.zh';
import zh from '../src/words/zh';

const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

test('a page is 已归档 or 未归档, as at the command line', () => {
  for (const words of [zh, officeZh] as Record<string, string>[]) {
    for (const [key, text] of Object.entries(words)) expect(text, key).not.toMatch(/入卷|待人工/);
  }
});

describe.each([
  ['everywhere', zh as Record<string, string>, en as Record<string, string>],
  ['office screens', officeZh as Record<string, string>, officeEn as Record<string, string>],
])('the two languages %s', (_where, chinese, english) => {
  test('have the same keys', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
  });
  test('fill in the same values', () => {
    for (const [key, text] of Object.entries(chinese)) {
      expect(blanks(english[key] ?? ''), key).toEqual(blanks(text));
    }
  });
  test('leave nothing empty', () => {
    for (const words of [chinese, english]) {
      for (const [key, text] of Object.entries(words)) expect(text.trim(), key).not.toBe('');
    }
  });
  test('do not mix: no Chinese in English', () => {
    const mixed = Object.entries(english).filter(
      ([key, text]) => key !== 'top.language' && /[\u4e00-\u9fff]/.test(text),
    );
    expect(mixed).toEqual([]);
  });
});

describe('words for what the server says', () => {
  test('tell what every key does', () => {
    for (const { action } of bindings) expect(zh).toHaveProperty([`key.${action}`]);
  });
});

describe('the words of config', () => {
  test('cells with commas and quotes', () => {
    expect(cellsOf('a,"b, ""c""",,d')).toEqual(['a', 'b, "c"', '', 'd']);
  });
  test('fields of a form', () => {
    const toml =
      '[[field]]\nid = "days"\nlabel = "天数"\nlabels = [\n  "日数",\n]\n' +
      'name_en = "Days"\n[[field]]\nid = "no"\nlabel = "号"\n';
    expect(formFields(toml)).toEqual([
      { id: 'days', label: '天数', name_en: 'Days' },
      { id: 'no', label: '号', name_en: '' },
    ]);
  });
  test.each(['zh', 'en'] as const)('are there in %s', (language) => {
    const words = officeWords(language);
    expect(Object.keys(words.docTypes).length).toBeGreaterThan(40);
    expect(words.docTypes.DT01).toBe(language === 'zh' ? '案卷封面' : 'Dossier cover');
    expect(words.fields['*.person_name']).toBe(language === 'zh' ? '姓名' : 'Name');
    expect(words.reasons['fault.truncated']?.whatToDo).toBeTruthy();
    expect(words.reasons['review.unsure_field']?.text).toBeTruthy();
  });
  test('name the fields that only a form has', () => {
    expect(
      officeWords('zh').fields['DT36.leave_days'] ?? officeWords('zh').fields['*.leave_days'],
    ).toBe('产假天数');
  });
});

test('the package of a module', () => {
  expect(packageFolder('/x/node_modules/svelte/src/a.js')).toBe('/x/node_modules/svelte');
  expect(packageFolder('/x/node_modules/@a/b/c.js?v=1')).toBe('/x/node_modules/@a/b');
  expect(packageFolder('/x/src/main.ts')).toBeNull();
});
