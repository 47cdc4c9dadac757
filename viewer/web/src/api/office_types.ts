// What the server answers about keeping, the log, the office and the shop floor.

import type { TwoWords } from './types';

export interface KeepingSummary {
  today: string;
  items: number;
  due: number;
  due_within_a_year: number;
  undecided: number;
  appraisals_open: number;
  holds: number;
  lists_to_approve: number;
  lists_to_carry_out: number;
  loans_out: number;
  loans_overdue: number;
  packages_under_way: number;
  digital_without_paper: number;
  paper_without_digital: number;
  media_due: number;
  tasks_open: number;
  alarms: number;
  alarms_new: number;
}

/** A row that names a dossier, or an item of it. */
export interface OfDossier {
  dossier: number;
  dossier_no: string;
  title?: string;
  item: number;
}

export interface KeptItem extends OfDossier {
  doc_type: string;
  doc_type_name?: string;
  formed_on: string;
  retention: string;
  due_on: string | null;
}

export interface Appraisal extends OfDossier {
  appraisal: number;
  retention: string;
  due_on: string;
  opened_at: string;
  outcome: '' | 'extended' | 'kept' | 'disposal';
  reason: string;
  closed_by: string;
  closed_at: string;
}

export interface Hold extends OfDossier {
  hold: number;
  reason: string;
  basis: string;
  set_by: string;
  set_at: string;
  lifted_by: string;
  lifted_at: string;
  lifted_reason: string;
}

export interface DisposalList {
  list: number;
  reason: string;
  made_by: string;
  made_at: string;
  approved_by: string;
  approved_at: string;
  not_before: string;
  withdrawn_by: string;
  withdrawn_reason: string;
  carried_out_by: string;
  witnessed_by: string;
  carried_out_at: string;
  appraisals: number[];
  hindrance: string;
}

export interface DisposalDetail extends DisposalList {
  items: (OfDossier & {
    appraisal?: number;
    retention: string;
    due_on?: string;
    pages?: number;
    contents_sha256?: string;
  })[];
  objects?: { object: string; purpose: string; needed: boolean; removed_at: string }[];
}

export interface LoanNote {
  kind: 'extended' | 'dunned';
  due_before: string;
  due_after: string;
  reason: string;
  noted_by: string;
  noted_at: string;
}

export interface Loan extends OfDossier {
  loan: number;
  borrower: string;
  unit: string;
  reason: string;
  due_on: string;
  overdue: boolean;
  lent_by: string;
  lent_at: string;
  returned_at: string;
  returned_to: string;
  extensions: number;
  dunnings: number;
  dunned_at: string;
  notes: LoanNote[];
}

export interface Gaps {
  total: number;
  rows: (OfDossier & { reason: string })[];
}

export interface Place extends OfDossier {
  room: string;
  shelf: string;
  cell: string;
  box: string;
  missing: string;
  placed_by: string;
  placed_at: string;
}

export interface Package {
  package: number;
  id: string;
  kind: 'export' | 'hand_over' | 'transfer';
  received: boolean;
  state: 'handing_over' | 'accepted' | 'returned';
  sender: string;
  recipient: string;
  purpose: string;
  legal_basis: string;
  items: number;
  pages: number;
  files: number;
  bytes: number;
  manifest_sha256: string;
  sealed: boolean;
  made_by: string;
  made_at: string;
  settled_by: string;
  settled_at: string;
  settled_reason: string;
  dossiers: { dossier: number; dossier_no: string; pages: number }[];
}

export interface Alarm {
  alarm: string;
  about: string;
  since: string;
  zh?: string;
  en?: string;
  what_to_do_zh?: string;
  what_to_do_en?: string;
  acknowledged: { by: string; at: string; reason: string } | null;
}

/** Something out of the ordinary in who looks at what. */
export interface AccessAlarm {
  number: number;
  alarm: string;
  zh: string;
  en: string;
  at: string;
  who: string;
  what: string;
}

export type ScrubMark = 'sound' | 'late' | 'never' | 'defects';

export interface Custody {
  site: string;
  alarms: Alarm[];
  scrub: {
    parts: ScrubMark[];
    objects: number;
    bytes: number;
    defects: number;
    overdue: number;
    oldest: string;
    days: number;
  };
  tasks: {
    task: number;
    object: string;
    place: string;
    defect: string;
    detail: string;
    found_at: string;
  }[];
  media: {
    medium: string;
    site: string;
    place: string;
    keeper: string;
    read_back_days: number;
    read_back_due: string;
    read_back_at: string;
    read_back_by: string;
    result: '' | 'sound' | 'damaged';
    copy_taken_at: string;
    retired_at: string;
  }[];
  backups: {
    backup: string;
    repository: string;
    medium: string;
    taken_at: string;
    objects: number;
    bytes: number;
    lacking: number;
    verified_at: string;
    sound: boolean;
    pruned_at: string;
  }[];
  replicas: { folder: string; replicated_at: string; objects: number; copied: number }[];
}

export interface AuditEntry {
  source: 'change' | 'access';
  number: number;
  at: string;
  who: string;
  post: string;
  action: string;
  object: string;
  reason: string;
  method?: string;
  co_signer?: string;
  channel?: string;
  purpose?: string;
  applicant?: string;
  agent?: string;
  address?: string;
  details?: Record<string, unknown> | null;
  /** Whether the entry is the one that was hashed; null while no head covers it. */
  as_signed?: boolean | null;
}

export interface AuditList {
  entries: AuditEntry[];
  more: boolean;
  partial: boolean;
  cursor: string;
}

export interface AuditFilter {
  who: string;
  action: string;
  object: string;
  from: string;
  to: string;
  kind: '' | 'changes' | 'access';
}

export interface Verification {
  ledger: {
    entries: number;
    signed_entries: number;
    signed_at: string;
    key: string;
    root_sha256: string;
    root_holds: boolean;
    signature_holds: boolean;
    heads_outside: number;
  };
  access: {
    entries: number;
    chain: string;
    noted_entries: number;
    first_broken: number | null;
    as_noted: boolean | null;
    read_again: boolean;
  };
}

export interface Proof {
  entry: number;
  text: string;
  leaf_sha256: string;
  under_head: boolean;
  index?: number;
  tree_size?: number;
  path_sha256?: string[];
  root_sha256?: string;
  head?: string;
}

export interface User {
  user: number;
  name: string;
  account: string;
  has_password: boolean;
  posts: string[];
  unit: number;
  agreement: string;
  works_until: string;
  agreement_over: boolean;
  trained_on: string;
  training_holds: boolean;
  made_at: string;
  ended_at: string;
}

export interface Users {
  users: User[];
  posts: (TwoWords & { post: string; rights: string[]; contractor: boolean })[];
  families: (TwoWords & { family: string; posts: string[]; parent_of_any: boolean })[];
  training_days: number;
}

export interface Unit {
  unit: number;
  parent: number;
  name: string;
  family: string;
  made_at: string;
  ended_at: string;
}

export interface Settings {
  file: string;
  config_folder: string;
  office_folder: string;
  settings: {
    section: string;
    name: string;
    value: string;
    standard: string;
    source: 'file' | 'standard';
    line: number;
    unit: TwoWords;
    range: string;
    comment: TwoWords;
  }[];
}

export interface Selfcheck {
  looked_at: string;
  findings: (TwoWords & { kind: string; weak: boolean; where: string })[];
  components: string[];
  last_filed: { made_at: string; made_by: string; weak: number; report: string } | null;
}

export interface DayOfPages {
  day: string;
  filed: number;
  set_aside: number;
  accept: number;
  look: number;
  rescan: number;
}

export interface Overview {
  from: string;
  pages: DayOfPages[];
  findings: { day: string; found: number; settled: number }[];
  operators: {
    operator: string;
    batches: number;
    pages: number;
    set_aside: number;
    rescan: number;
    days: { day: string; pages: number }[];
  }[];
  faults: { stage: string; reason: string; pages: number }[];
}

export interface SampledPage {
  page: number;
  place: string;
  forced: boolean;
  fault: string;
  fault_by: string;
  machine_fault: string;
}

export interface Acceptance {
  acceptance: number;
  seed: number;
  pages: number;
  drawn_by: string;
  drawn_at: string;
  closed_by: string;
  closed_at: string;
  passed: boolean | null;
  faulty: number;
  sample: SampledPage[];
}

export interface UploadState {
  id: string;
  batch: string;
  name: string;
  size: number;
  sha256: string;
  received: number;
  begun_at: string;
  state: 'receiving' | 'accepted';
}

export interface Uploads {
  uploads: UploadState[];
  waiting: { batch: string; files: number; bytes: number }[];
  limits: {
    file_bytes_max: number;
    piece_bytes_max: number;
    files_max: number;
    hours_max: number;
  };
}

export interface PropertyRow {
  code: string;
  property: 'authenticity' | 'integrity' | 'usability' | 'security';
  name: { zh: string; en: string };
  check: string;
  result: 'passed' | 'failed' | 'not_applicable' | 'by_person';
  remarks: { page: number | null; file: string; finding: number | null; zh: string; en: string }[];
  remarks_left: number;
}

export interface PropertyReport {
  dossier: number;
  batch: number;
  dossier_no: string;
  title: string;
  failed: boolean;
  rows: PropertyRow[];
  examined_at: string;
}
