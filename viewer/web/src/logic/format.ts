import type { Language } from '../../office_words';

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };

export function formatNumber(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: digits }).format(value);
}

export function formatShare(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { style: 'percent' }).format(value);
}

const instant = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d).*(?:Z|[+-]\d\d:\d\d)$/;

/** An instant by the clock it was written by, the office's; what is no instant as it is. */
export function formatInstant(text: string | null | undefined, language: Language): string {
  if (!text) return '';
  const found = instant.exec(text);
  if (!found) return text;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = found.slice(1).map(Number);
  return new Intl.DateTimeFormat(locales[language], {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'UTC',
  }).format(Date.UTC(year, month - 1, day, hour, minute));
}

/** Retention periods 保管期限 as config/domain/retention.csv writes them. */
export function formatRetention(period: string, language: Language): string {
  if (/^D\d+$/.test(period)) {
    const years = period.slice(1);
    return language === 'zh' ? `${years}年` : `${years} years`;
  }
  const words: Record<string, Record<Language, string>> = {
    Y: { zh: '永久', en: 'permanent' },
    ACC: { zh: '按会计档案', en: 'as accounting records' },
    HOLD: { zh: '待定', en: 'not decided' },
    INHERIT: { zh: '随卷', en: 'as the dossier' },
  };
  return words[period]?.[language] ?? period;
}

export function formatMinutes(minutes: number, language: Language): string {
  const whole = Math.max(1, Math.round(minutes));
  const hours = Math.floor(whole / 60);
  const rest = whole % 60;
  if (language === 'zh') return hours > 0 ? `${hours}小时${rest}分` : `${rest}分钟`;
  return hours > 0 ? `${hours} h ${rest} min` : `${rest} min`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number, language: Language): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatNumber(value, language, value < 10 && unit > 0 ? 1 : 0)} ${byteUnits[unit]}`;
}
