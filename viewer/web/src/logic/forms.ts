// Forms of a dialog as data: what is asked, and whether the answers will do.

export interface FormField {
  key: string;
  label: string;
  kind?: 'text' | 'reason' | 'date' | 'number' | 'select' | 'password' | 'choices';
  hint?: string;
  value?: string;
  required?: boolean;
  /** Of a select or of choices. */
  options?: readonly { value: string; label: string; disabled?: boolean }[];
  /** The least number of characters of what is required. */
  least?: number;
  min?: string;
}

export type FormValues = Record<string, string>;

export function valuesAtFirst(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(fields.map((field) => [field.key, field.value ?? '']));
}

/** The keys of fields that are not answered well enough. */
export function lacking(fields: readonly FormField[], values: FormValues): string[] {
  return fields
    .filter((field) => {
      const text = (values[field.key] ?? '').trim();
      if (!field.required && text === '') return false;
      if (field.kind === 'number') return !/^\d{1,15}$/.test(text);
      return [...text].length < Math.max(1, field.least ?? 1);
    })
    .map((field) => field.key);
}

/** As the server takes them: numbers as numbers, choices as lists, what is empty left out. */
export function bodyOf(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { key, kind } of fields) {
    const text = kind === 'password' ? (values[key] ?? '') : (values[key] ?? '').trim();
    if (text === '') continue;
    if (kind === 'number') body[key] = Number(text);
    else if (kind === 'choices') body[key] = text.split('|');
    else body[key] = text;
  }
  return body;
}
