// Requests of the screens for keeping, audit, administration and the shop floor.

import { call, query, send } from './client';
import type {
  AccessAlarm,
  Acceptance,
  Alarm,
  Appraisal,
  AuditFilter,
  AuditList,
  Custody,
  DisposalDetail,
  PropertyReport,
  DisposalList,
  Gaps,
  Hold,
  KeepingSummary,
  KeptItem,
  Loan,
  Overview,
  Package,
  Place,
  Proof,
  Selfcheck,
  Settings,
  Unit,
  UploadState,
  Uploads,
  Users,
  Verification,
} from './office_types';

type Values = Record<string, unknown>;
const get = <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal);
const post = <T = void>(path: string, body: Values = {}) => call<T>('POST', path, body);

export const office = {
  // Records management
  keeping: (signal?: AbortSignal) => get<KeepingSummary>('keeping', signal),
  items: (
    values: { due_by?: string; retention?: string; offset: number; limit: number },
    signal?: AbortSignal,
  ) => get<{ total: number; items: KeptItem[] }>(`retention?${query(values)}`, signal),
  extend: (values: Values) => post('retention', values),
  appraisals: (all: boolean, signal?: AbortSignal) =>
    get<{ appraisals: Appraisal[] }>(`appraisals${all ? '?all=yes' : ''}`, signal),
  openAppraisals: () => post<{ opened: number }>('appraisals'),
  closeAppraisal: (number: number, values: Values) => post(`appraisals/${number}`, values),
  holds: (signal?: AbortSignal) => get<{ holds: Hold[] }>('holds', signal),
  hold: (values: Values) => post('holds', values),
  lift: (number: number, values: Values) => post(`holds/${number}/lift`, values),
  disposals: (signal?: AbortSignal) => get<{ lists: DisposalList[] }>('disposals', signal),
  disposal: (number: number, signal?: AbortSignal) =>
    get<DisposalDetail>(`disposals/${number}`, signal),
  makeList: (values: Values) => post<{ list: number }>('disposals', values),
  approveList: (number: number, values: Values) => post(`disposals/${number}/approve`, values),
  withdrawList: (number: number, values: Values) => post(`disposals/${number}/withdraw`, values),
  loans: (all: boolean, signal?: AbortSignal) =>
    get<{ loans: Loan[] }>(`loans${all ? '?all=yes' : ''}`, signal),
  lend: (values: Values) => post<{ loan: number }>('loans', values),
  changeLoan: (number: number, what: 'return' | 'extend' | 'dun', values: Values = {}) =>
    post(`loans/${number}/${what}`, values),
  gaps: (signal?: AbortSignal) =>
    get<{ digital_without_paper: Gaps; paper_without_digital: Gaps }>('places', signal),
  places: (dossier: number, signal?: AbortSignal) =>
    get<{ places: Place[] }>(`places?${query({ dossier })}`, signal),
  place: (values: Values) => post('places', values),
  packages: (signal?: AbortSignal) => get<{ packages: Package[] }>('packages', signal),
  settle: (number: number, values: Values) => post(`packages/${number}/settle`, values),
  custody: (signal?: AbortSignal) => get<Custody>('custody', signal),
  medium: (values: Values) => post('media', values),
  alarms: (signal?: AbortSignal) => get<{ alarms: Alarm[] }>('custody/alarms', signal),
  /** About who looks at what. */
  accessAlarms: (signal?: AbortSignal) => get<{ alarms: AccessAlarm[] }>('alarms', signal),
  endAlarm: (number: number, values: Values) => post(`alarms/${number}/acknowledge`, values),
  acknowledge: (alarm: Alarm, values: Values) =>
    post('custody/alarms/acknowledge', {
      alarm: alarm.alarm,
      about: alarm.about,
      since: alarm.since,
      ...values,
    }),

  // Audit
  audit: (filter: AuditFilter, cursor: string, signal?: AbortSignal) =>
    get<AuditList>(`audit/entries?${query({ ...filter, cursor })}`, signal),
  auditFilters: (signal?: AbortSignal) =>
    get<{ who: string[]; actions: string[] }>('audit/filters', signal),
  verification: (full: boolean, signal?: AbortSignal) =>
    get<Verification>(`audit/verification${full ? '?full=yes' : ''}`, signal),
  proof: (number: number, signal?: AbortSignal) => get<Proof>(`audit/changes/${number}`, signal),
  exportAddress: (filter: AuditFilter, format: 'csv' | 'jsonl') =>
    `/api/v1/audit/export?${query({ ...filter, format })}`,

  // Administration
  users: (signal?: AbortSignal) => get<Users>('users', signal),
  addUser: (values: Values) => post<{ user: number }>('users', values),
  changeUser: (number: number, values: Values) => call<void>('PATCH', `users/${number}`, values),
  resetPassword: (number: number, values: Values) => post(`users/${number}/password`, values),
  endUser: (number: number, values: Values) => post(`users/${number}/end`, values),
  units: (signal?: AbortSignal) => get<{ units: Unit[] }>('units', signal),
  addUnit: (values: Values) => post<{ unit: number }>('units', values),
  changeUnit: (number: number, values: Values) => call<void>('PATCH', `units/${number}`, values),
  settings: (signal?: AbortSignal) => get<Settings>('settings', signal),
  selfcheck: (signal?: AbortSignal) => get<Selfcheck>('selfcheck', signal),
  fileSelfcheck: () => post<{ made_at: string; weak: number }>('selfcheck'),

  // Shop floor
  overview: (days: number, signal?: AbortSignal) =>
    get<Overview>(`overview?${query({ days })}`, signal),
  acceptances: (batch: number, signal?: AbortSignal) =>
    get<{ acceptances: Acceptance[] }>(`batches/${batch}/acceptances`, signal),
  draw: (batch: number) => post(`batches/${batch}/acceptances`),
  noteFault: (batch: number, values: Values) => post(`batches/${batch}/acceptances/fault`, values),
  closeAcceptance: (batch: number) => post(`batches/${batch}/acceptances/close`),
  release: (batch: number, values: Values) => post(`batches/${batch}/release`, values),
  retryPage: (page: number) => post(`pages/${page}/retry`),
  properties: (dossier: number, signal?: AbortSignal) =>
    get<PropertyReport>(`dossiers/${dossier}/properties`, signal),
  settlePage: (page: number, values: Values) => post(`pages/${page}/settle`, values),

  uploads: (signal?: AbortSignal) => get<Uploads>('uploads', signal),
  beginUpload: (values: Values, signal?: AbortSignal) =>
    call<UploadState>('POST', 'uploads', values, signal),
  appendUpload: (id: string, offset: number, piece: Blob, signal?: AbortSignal) =>
    send<UploadState>(
      'PATCH',
      `uploads/${id}`,
      piece,
      { 'Content-Type': 'application/octet-stream', 'Upload-Offset': String(offset) },
      signal,
    ),
  giveUp: (id: string) => call<void>('DELETE', `uploads/${id}`),
  handOver: (batch: string, files: number) => post('uploads/deliver', { batch, files }),
};
