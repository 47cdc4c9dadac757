export interface SnippetPart {
  text: string;
  hit: boolean;
}

/** Takes "before «hit» after" apart. A mark that is never closed is text like any other. */
export function snippetParts(snippet: string): SnippetPart[] {
  const parts: SnippetPart[] = [];
  const marks = /«([^«»]*)»/g;
  let last = 0;
  for (const found of snippet.matchAll(marks)) {
    if (found.index > last) parts.push({ text: snippet.slice(last, found.index), hit: false });
    if (found[1]) parts.push({ text: found[1], hit: true });
    last = found.index + found[0].length;
  }
  if (last < snippet.length) parts.push({ text: snippet.slice(last), hit: false });
  return parts;
}
