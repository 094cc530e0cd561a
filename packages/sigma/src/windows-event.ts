/**
 * Windows events as Sigma names their fields. An event exported as JSON keeps the shape of its XML
 * (`Event.System`, `Event.EventData`, attributes apart); rules name the data of `EventData` and the parts of
 * `System` directly, attributes joined by an underscore (`Provider_Name`, `Execution_ProcessID`), and without
 * the spaces some names of data have (`Threat Name` is `ThreatName`).
 *
 * Source: Sigma specification 2.1.0, "Field Usage".
 */
import type { Event } from './event.js';

/** The record with Sigma's names; any other record comes back as it is. */
export function windowsEvent(record: Event): Event {
  const event = objectAt(record, 'Event') ?? record;
  const system = objectAt(event, 'System');
  if (system === undefined) return record;
  const out: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(system)) addSystem(out, key, system[key]);
  for (const section of ['EventData', 'UserData']) {
    const data = event[section];
    if (isObject(data)) addData(out, data, 0);
  }
  return out;
}

function addSystem(out: Record<string, unknown>, key: string, value: unknown): void {
  if (!isObject(value)) {
    out[key] = value;
    return;
  }
  const attributes = objectAt(value, '#attributes') ?? objectAt(value, '@attributes');
  if (attributes !== undefined) {
    for (const name of Object.keys(attributes)) out[`${key}_${name}`] = attributes[name];
    if (Object.hasOwn(attributes, 'SystemTime')) out[key] = attributes.SystemTime;
  }
  if (Object.hasOwn(value, '#text')) out[key] = value['#text'];
}

/** `EventData` holds names and values; `UserData` wraps them once more. */
function addData(out: Record<string, unknown>, data: Event, depth: number): void {
  for (const key of Object.keys(data)) {
    const value = data[key];
    if (key === '#attributes' || key === '@attributes') continue;
    if (key === 'Data' && Array.isArray(value) && value.every(isObject)) {
      for (const item of value) {
        const name = objectAt(item, '#attributes')?.Name ?? item.Name;
        if (typeof name === 'string') out[withoutSpaces(name)] = item['#text'] ?? item.content ?? null;
      }
    } else if (isObject(value) && depth === 0) addData(out, value, 1);
    else if (!Object.hasOwn(out, withoutSpaces(key))) out[withoutSpaces(key)] = value;
  }
}

function withoutSpaces(name: string): string {
  return name.replaceAll(' ', '');
}

function isObject(value: unknown): value is Event {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(object: Event, key: string): Event | undefined {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return isObject(value) ? value : undefined;
}
