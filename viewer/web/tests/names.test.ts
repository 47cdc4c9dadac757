import { expect, test, vi } from 'vitest';

vi.stubGlobal('navigator', { language: 'en-GB' });
vi.stubGlobal('document', { documentElement: { lang: '' } });
const { docTypeName, docTypes, fieldName, hitReason, loadWords, useNames } = await import(
  '../src/state/words.svelte'
);
const { settings } = await import('../src/state/settings.svelte');

test("an office's own forms and fields have the names of its tables", async () => {
  await loadWords('en');
  const builtIn = docTypeName('DT15');
  expect(docTypeName('DT90')).toBe('DT90');
  useNames({
    types: {
      DT15: { zh: '转移表', en: 'Our transfer form' },
      DT90: { zh: '本局登记表', en: 'Register of this office' },
    },
    fields: { DT90: { counter_no: { zh: '窗口号', en: '' }, ward: { zh: '片区', en: 'Ward' } } },
  });
  expect(builtIn).not.toBe('Our transfer form');
  expect(docTypeName('DT15')).toBe('Our transfer form');
  expect(docTypeName('DT90')).toBe('Register of this office');
  expect(docTypes().map(([code]) => code)).toEqual(['DT15', 'DT90']);
  expect(fieldName('DT90', 'ward')).toBe('Ward');
  expect(fieldName('DT90', 'counter_no')).toBe('窗口号');
  expect(fieldName('', 'ward')).toBe('Ward');
  expect(hitReason('field:ward', 'DT90')).toContain('Ward');
  expect(hitReason('field:seal', 'DT37')).toBe('Seal matches');
  settings.language = 'zh';
  await loadWords('zh');
  expect(docTypeName('DT90')).toBe('本局登记表');
  expect(hitReason('field:seal', 'DT37')).toBe('印章相符');
});
