/** The server hides protected values behind asterisks; a single one may be part of a text. */
export function isMasked(text: string): boolean {
  return /\*{2,}/.test(text);
}

export const reasonLengthMin = 4;
export const reasonLengthMax = 200;

/** Whether this may be kept as the reason for which a person saw protected values. */
export function isReason(text: string): boolean {
  const length = [...text.trim()].length;
  return length >= reasonLengthMin && length <= reasonLengthMax;
}
