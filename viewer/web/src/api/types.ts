// What the server answers, as far as the screens use it.

import type { Quad } from '../logic/geometry';

export interface Purpose {
  channel: 'counter' | 'employer' | 'telephone' | 'self_service';
  purpose: string;
  applicant: string;
  agent: string;
  /** Masked in answers. */
  id_number: string;
  /** Of the agent: "DT43 page 12", or number and date of one that was shown. */
  authority: string;
  /** Whether the archive has dossiers of the applicant. */
  known: boolean;
  /** Several persons have this name. */
  ambiguous: boolean;
}

export interface PurposeWish {
  channel: Purpose['channel'];
  purpose: string;
  applicant: string;
  id_number: string;
  agent: string;
  authority: { number: string; date: string } | null;
}

export interface PurposeChoice extends TwoWords {
  id: string;
  kinds: string[];
}

export type Told = 'show' | 'mask' | 'hide';

/** What each channel may be told (R54). */
export interface ChannelMatrix {
  channels: (TwoWords & {
    id: string;
    scope: 'any' | 'own';
    text: 'show' | 'hide';
    pictures: 'show' | 'hide';
  })[];
  groups: (TwoWords & {
    id: string;
    fields: { field: string; zh: string }[];
    channels: Record<string, Told>;
  })[];
}

export interface Session {
  name: string;
  posts: { post: string; zh: string; en: string }[];
  rights: string[];
  csrf: string;
  office: string;
  expires_in_s: number;
  /** The server's clock. */
  now: string;
  second_factor: boolean;
  purpose: Purpose | null;
  /** Of somebody from outside: each of their changes is signed by the office as well. */
  agreement?: string;
  co_signer?: { name: string; expires_in_s: number } | null;
}

/** A secret for one-time codes, shown once. */
export interface Factor {
  secret: string;
  address: string;
  /** Rows of '0' and '1'. */
  qr: string[];
}

export interface NamedPerson {
  number: number;
  name: string;
  id_number: string;
}

export interface Hit {
  page: number;
  token: string;
  dossier: number;
  dossier_no: string;
  item: number;
  doc_type: string;
  doc_type_name?: string;
  title: string;
  persons: NamedPerson[];
  snippet: string;
  /** Why it is a hit: "field:person_name", "phrase", "words", "part". */
  hit: string;
  boxes: Quad[];
  width: number;
  height: number;
  rotation: number;
  place: string;
}

/** By type of paper, and by the id of a field on it. */
export interface OfficeNames {
  types: Record<string, { zh: string; en: string }>;
  fields: Record<string, Record<string, { zh: string; en: string }>>;
}

export interface SearchAnswer {
  total: number;
  understood: string;
  complete: boolean;
  /** Pages whose record is newer than the index. */
  waiting: number;
  /** The mark to go on from; empty at the end. */
  next: string;
  hits: Hit[];
}

export interface DossierRow {
  number: number;
  dossier_no: string;
  title: string;
  batch_name: string;
  pages: number;
  set_aside: number;
  persons: NamedPerson[];
  errors: number;
  warnings: number;
  notes: number;
  /** Of the papers that its business must have. */
  papers?: { usable: number; unreadable: number; absent: number };
}

export interface BoardCounts {
  all: number;
  errors: number;
  warnings: number;
  clean: number;
  set_aside: number;
}

export interface Item {
  number: number;
  sequence: number;
  title: string;
  doc_type: string;
  doc_type_name?: string;
  date: string;
  retention: string;
  pages: number[];
}

export interface PageBrief {
  page: number;
  token: string | null;
  source: string;
  page_in_file: number;
  kind: 'content' | 'blank' | 'separator';
  state: 'filed' | 'set_aside';
  reason: string | null;
  doc_type: string;
  doc_type_name?: string;
  title: string;
  item: number;
  page_of_dossier: number;
  width: number;
  height: number;
  rotation: number;
  review: string[];
}

export type Severity = 'error' | 'warn' | 'info';

export interface FindingPlace {
  page: number;
  quad: Quad | null;
}

export type FindingState = 'open' | 'accepted' | 'corrected';

export interface Finding {
  finding: number;
  rule: string;
  severity: Severity;
  state: FindingState;
  sentence: TwoWords;
  places: FindingPlace[];
  /** Why it was decided so, or opened again. */
  reason: string;
  decided_by: string;
  /** '' when nobody ever decided about it. */
  decided_at: string;
  /** Stands for what was decided. */
  etag: string;
}

export interface TwoWords {
  zh: string;
  en: string;
}

export interface Paper {
  business: string;
  doc_types: string[];
  mandatory: boolean;
  state: 'usable' | 'unreadable' | 'absent';
  pages: number[];
}

export interface Report {
  findings: Finding[];
  overview: {
    papers: Paper[];
    record_contents: { id: string; name: TwoWords; pages: number[] }[];
  };
}

export interface Dossier {
  number: number;
  /** Stands for its structure as it is. */
  etag: string;
  dossier_no: string;
  title: string;
  persons: NamedPerson[];
  items: Item[];
  pages: PageBrief[];
  report: Report;
}

export interface Field {
  field: string;
  /** As the form prints it; not of every field. */
  label?: string;
  row: number | null;
  raw: string;
  value: string;
  confidence: number;
  validity: 'valid' | 'suspicious' | 'invalid';
  problem: string;
  unsure: boolean;
  handwritten: boolean;
  by_person: boolean;
  /** Not by this channel, whatever the reason. */
  withheld: boolean;
  quad: Quad | null;
}

export interface Line {
  text: string;
  quad: Quad;
  confidence: number;
  unsure: boolean;
  vertical: boolean;
  kind: 'printed' | 'handwritten' | 'seal';
}

export interface Page extends Omit<PageBrief, 'doc_type_name'> {
  etag: string;
  revealed: boolean;
  /** How much of the picture the server shows. */
  picture: 'whole' | 'boxes' | 'covered';
  may_reveal: boolean;
  /** How far the paper lies turned clockwise beyond `rotation`. */
  skew_degrees: number;
  dpi_x: number;
  bits_per_pixel: number;
  doc_type_confidence: number;
  text_confidence: number;
  quality: { verdict: string } | string | null;
  source_object: string | null;
  filed_at: string;
  dossier: number;
  dossier_no: string;
  fields: Field[];
  lines: Line[];
  seals: { quad: Quad; colour: string; shape: string; text: string }[];
}

export interface Batch {
  number: number;
  name: string;
  state: 'open' | 'complete' | 'held';
  pages_expected: number | null;
  held_reason: string;
  opened_at: string;
  closed_at: string | null;
  counts: {
    pages_in: number;
    filed: number;
    set_aside: number;
    replaced: number;
    for_review: number;
  };
}

export interface SetAsidePage {
  page: number;
  source: string;
  reason: string;
  reason_zh: string;
  reason_en: string;
  what_to_do_zh: string;
  what_to_do_en: string;
  stage?: string;
  page_in_file?: number;
  /** A person decided that it stays set aside. */
  settled?: { by: string; at: string; reason: string } | null;
}

export interface BatchDetail extends Batch {
  set_aside: SetAsidePage[];
}

export interface PersonPlace {
  dossier: number;
  page: number;
  quad: Quad | null;
  doc_type: string;
  printed: string;
  unsure: boolean;
  by_person: boolean;
}

export interface PersonFact {
  fact: string;
  field: string;
  label: TwoWords;
  differs: boolean;
  values: { value: string; sure: boolean; places: PersonPlace[] }[];
}

export interface ContributionYear {
  year: number;
  /** Month 1..12 to the numbers of the dossiers that list it. */
  months: Record<string, number[]>;
  /** Dossier to how many months a paper says there are, without listing them. */
  told: Record<string, number>;
}

export interface Person {
  person: number;
  name: string;
  id: string;
  dossiers: {
    dossier: number;
    dossier_no: string;
    title: string;
    batch: string;
    own: boolean;
    pages: { page: number; role: string; name: string }[];
  }[];
  differences: number;
  facts: PersonFact[];
  contribution_years: ContributionYear[];
  namesakes: { person: number; name: string }[];
}

export type TaskKind = 'value' | 'keying' | 'comparison';

export interface Alternative {
  raw: string;
  value: string;
  why: 'second_reading' | 'look_alike' | 'check' | 'choice' | 'elsewhere' | 'person' | 'machine';
}

/** A value that a person should look at. Of a keying nothing but the paper is told. */
export interface ReviewTask {
  kind: TaskKind;
  token: string;
  page: number;
  field: string;
  row: number | null;
  label: string;
  type: string;
  doc_type: string;
  doc_type_name: string;
  dossier: number;
  page_of_dossier: number;
  /** x, y, width, height on the picture as it was delivered. */
  box: readonly [number, number, number, number];
  width: number;
  height: number;
  rotation: number;
  handwritten: boolean;
  mandatory: boolean;
  choices: string[];
  etag: string;
  lease_s: number;
  confidence?: number;
  values?: { raw: string; value: string }[];
  raw?: string;
  value?: string;
  validity?: 'valid' | 'suspicious' | 'invalid';
  problem?: string;
  typed?: 'none' | 'typed_not_confirmed' | 'conflict' | 'settled';
  unreadable?: number;
  alternatives?: Alternative[];
  /** How many values in the queue read the same in the same field, this one among them. */
  equal?: number;
}

export interface Claimed {
  left: number;
  tasks: ReviewTask[];
}

export interface ReviewScope {
  kind: 'value' | 'keying';
  batch?: number;
  dossier?: number;
  below?: number;
}

export interface ItemStep {
  step: string;
  zh: string;
  en: string;
  may: boolean;
  needs_reason: boolean;
  needs_submitter: boolean;
  /** Why it cannot be taken by this person now; empty: it can. */
  hindrance: string;
}

export interface ReviewItem {
  dossier: number;
  dossier_no: string;
  item: number;
  title: string;
  doc_type: string;
  doc_type_name: string;
  state: 'filed' | 'entered' | 'reviewed' | 'rechecked' | 'approved' | 'returned';
  verification: 'unverified' | 'verified' | 'rejected';
  submitter: string;
  changed_since: boolean;
  taken: { step: string; person: string; taken_at: string; reason: string }[];
  steps: ItemStep[];
  etag: string;
}

export interface Correction {
  correction: number;
  page: number;
  field: string;
  row: number | null;
  before: string;
  after: string;
  reason: string;
  evidence: number;
  proposed_by: string;
  proposed_at: string;
  verdict: '' | 'approved' | 'refused';
  own: boolean;
}
