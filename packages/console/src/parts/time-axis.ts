/** Ticks of a time axis, in UTC. */
const dayLength = 86_400_000;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface Tick {
  at: number;
  label: string;
}

/** At most `most` ticks at round places: days, weeks, months or years. The first, and every January, names its year. */
export function timeTicks(start: number, end: number, most: number): Tick[] {
  const span = Math.max(1, end - start);
  const ticks: Tick[] = [];
  const dayStep = [1, 2, 7, 14].find((step) => span / (step * dayLength) <= most);
  if (dayStep !== undefined) {
    for (let at = Math.ceil(start / dayLength) * dayLength; at <= end; at += dayStep * dayLength) {
      const date = new Date(at);
      const year = ticks.length === 0 ? ` ${date.getUTCFullYear()}` : '';
      ticks.push({ at, label: `${date.getUTCDate()} ${months[date.getUTCMonth()]}${year}` });
    }
    return ticks;
  }
  const monthLength = 30.44 * dayLength;
  const monthStep = [1, 2, 3, 6, 12, 24, 60, 120].find((step) => span / (step * monthLength) <= most) ?? 240;
  const first = new Date(start);
  let month = first.getUTCFullYear() * 12 + first.getUTCMonth();
  month =
    Math.ceil((Date.UTC(Math.floor(month / 12), month % 12) < start ? month + 1 : month) / monthStep) *
    monthStep;
  for (;;) {
    const at = Date.UTC(Math.floor(month / 12), month % 12);
    if (at > end) return ticks;
    const year = Math.floor(month / 12);
    const name = months[month % 12] ?? '';
    ticks.push({
      at,
      label:
        monthStep >= 12 ? String(year) : ticks.length === 0 || month % 12 === 0 ? `${name} ${year}` : name,
    });
    month += monthStep;
  }
}
