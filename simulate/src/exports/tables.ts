import { join } from 'node:path';
import { csvLine, Output } from '../files.js';
import { countryName } from '../networks.js';
import { companyDomain } from '../people.js';
import { displayName, emailOn, type Person } from '../person.js';
import { type Address, retyped, streetLine } from '../residences.js';
import { compare } from '../text.js';
import { DAY, date, dateTime } from '../time.js';
import type { World } from '../world.js';
import { writtenPhone } from './greenhouse.js';

/** Workers as Workday reports them on the last day. */
export async function writeWorkers(world: World, folder: string): Promise<void> {
  const output = new Output(join(folder, 'hris', 'workers.csv'));
  output.line(
    'Employee ID,Legal Name,Preferred Name,Work Email,Personal Email,Home Phone,Home Address Line 1,Home City,Home State,Home Postal Code,Home Country,Hire Date,Termination Date,Worker Type,Business Title,Supervisory Organization,Manager,Work Arrangement,Staffing Vendor,Candidate ID',
  );
  const rows: { id: string; cells: (string | undefined)[] }[] = [];
  const workerTypes = { employee: 'Employee', contractor: 'Contractor', vendor: 'Contingent Worker' };
  for (const person of world.people) {
    if (!person.hrId) continue;
    const random = world.random('worker-row', person.index);
    const address = random.chance(0.25) ? retyped(person.home.address, random) : person.home.address;
    const { city } = address;
    const email = latest(person, 'Personal Email') ?? person.personalEmail;
    const phone = writtenPhone(latest(person, 'Home Phone') ?? person.phone, random.int(0, 4));
    const row = (
      id: string,
      given: string,
      family: string,
      hired: number | undefined,
      left: number | undefined,
      type: string,
      work: string,
      candidateId: string,
    ): void => {
      rows.push({
        id,
        cells: [
          id,
          `${given} ${family}`,
          person.preferred,
          work,
          email,
          phone,
          streetLine(address),
          city.name,
          city.country === 'US' || city.country === 'CA' ? city.region : city.regionName,
          address.postal,
          countryName(city),
          hired === undefined ? '' : date(hired),
          left === undefined ? '' : date(left),
          type,
          person.title,
          person.department,
          person.manager ? displayName(person.manager) : '',
          person.arrangement,
          person.vendor?.name ?? person.firm ?? '',
          candidateId,
        ],
      });
    };
    row(
      person.hrId,
      person.given,
      person.family,
      person.startedAt,
      person.leftAt,
      workerTypes[person.engagement],
      emailOn(person, world.asOf),
      person.candidateId ?? '',
    );
    for (const other of person.duplicates) {
      if (other.kind !== 'worker' || !other.id) continue;
      // The older record kept the address of a contractor, or was given the new one too.
      const work = person.index % 5 < 3 ? `${person.login}.ext@${companyDomain}` : person.workEmail;
      row(other.id, other.given, other.family, other.startedAt, other.leftAt, 'Contractor', work, '');
    }
  }
  rows.sort((a, b) => compare(a.id, b.id));
  for (const { cells } of rows) {
    output.line(csvLine(cells));
    await output.drain();
  }
  await output.close();
}

/** The last value somebody changed a field to. */
function latest(person: Person, field: string): string | undefined {
  return person.changes
    .filter((one) => one.field === field)
    .sort((a, b) => a.at - b.at)
    .at(-1)?.to;
}

/** Where pay goes, election by election. */
export async function writePayElections(world: World, folder: string): Promise<void> {
  const rows: { at: number; cells: string[] }[] = [];
  for (const person of world.people) {
    if (!person.hrId) continue;
    const row = (id: string, pay: Person['pay'][number]) =>
      rows.push({
        at: pay.changed,
        cells: [
          id,
          date(pay.effective),
          dateTime(pay.changed),
          pay.bank.routing,
          pay.bank.account,
          pay.bank.holder,
          pay.bank.bank,
          pay.by === 'self' ? emailOn(person, pay.changed) : 'payroll@larkspur.example.com',
        ],
      });
    for (const pay of person.pay) if (pay.changed < world.asOf + DAY) row(person.hrId, pay);
    for (const other of person.duplicates) {
      const [first] = person.pay;
      if (other.kind === 'worker' && other.id && other.startedAt && first)
        row(other.id, { ...first, effective: other.startedAt, changed: other.startedAt - 4 * DAY });
    }
  }
  await writeRows(
    join(folder, 'payroll', 'payment-elections.csv'),
    'Employee ID,Effective Date,Changed On,Routing Number,Account Number,Account Holder,Bank Name,Changed By',
    rows,
  );
}

/** Contact details changed, as the HR system's audit trail gives them. The file begins with a byte-order mark. */
export async function writeProfileChanges(world: World, folder: string): Promise<void> {
  const rows: { at: number; cells: string[] }[] = [];
  for (const person of world.people) {
    if (!person.hrId) continue;
    for (const change of person.changes) {
      if (change.at < world.asOf + DAY)
        rows.push({
          at: change.at,
          cells: [
            person.hrId,
            change.field,
            change.from,
            change.to,
            dateTime(change.at),
            change.by === 'self' ? emailOn(person, change.at) : 'people@larkspur.example.com',
          ],
        });
    }
  }
  await writeRows(
    join(folder, 'hris', 'profile-changes.csv'),
    '\ufeffEmployee ID,Field,Old Value,New Value,Changed At,Changed By',
    rows,
  );
}

/** Equipment sent out, as the service desk's requests list it. */
export async function writeShipments(world: World, folder: string): Promise<void> {
  const rows: { at: number; cells: string[] }[] = [];
  for (const person of world.people) {
    if (!person.hrId) continue;
    for (const shipment of person.shipments) {
      if (shipment.shipped >= world.asOf + DAY) continue;
      const random = world.random('shipment', person.index, shipment.shipped);
      const { to } = shipment;
      rows.push({
        at: shipment.shipped,
        cells: [
          displayName(person),
          person.hrId,
          shipment.item,
          shipment.serial,
          shipment.toName,
          streetLine(to),
          to.city.name,
          to.city.region,
          to.postal,
          to.city.country,
          dateTime(shipment.shipped),
          shipment.delivered && shipment.delivered < world.asOf + DAY ? dateTime(shipment.delivered) : '',
          random.pick(['UPS', 'FedEx', 'DHL']),
          `1Z${random.digits(16)}`,
          shipment.status,
          shipment.redirectedTo ? oneLine(shipment.redirectedTo) : '',
        ],
      });
    }
  }
  rows.sort((a, b) => a.at - b.at || compare(a.cells[1] ?? '', b.cells[1] ?? ''));
  await writeRows(
    join(folder, 'it', 'shipments.csv'),
    'Number,Requested For,Requested For ID,Item,Serial Number,Ship To Name,Ship To Street,Ship To City,Ship To State,Ship To Postal Code,Ship To Country,Shipped,Delivered,Carrier,Tracking,Status,Redirected To',
    rows.map(({ at, cells }, i) => ({ at, cells: [`RITM${String(10_400 + i).padStart(7, '0')}`, ...cells] })),
  );
}

function oneLine(address: Address): string {
  return `${streetLine(address)}, ${address.city.name}, ${address.city.region} ${address.postal}`;
}

/** What people verified with their own eyes. */
export async function writeChecks(world: World, folder: string): Promise<void> {
  const rows: { at: number; cells: string[] }[] = [];
  for (const person of world.people) {
    if (!person.hrId) continue;
    for (const check of person.checks) {
      if (check.at >= world.asOf + DAY) continue;
      const by =
        check.check === 'document_verified'
          ? 'identity provider'
          : (person.manager?.workEmail ?? 'people@larkspur.example.com');
      rows.push({
        at: check.at,
        cells: [person.hrId, check.check, date(check.at), check.outcome, by, check.note],
      });
    }
  }
  await writeRows(join(folder, 'people-ops', 'checks.csv'), 'employee_id,check,date,outcome,by,note', rows);
}

/** Staffing firms, from a purchasing system that separates with semicolons. */
export async function writeVendors(world: World, folder: string): Promise<void> {
  const output = new Output(join(folder, 'vendors', 'vendors.csv'));
  output.line(
    'Supplier ID;Supplier Name;Category;Contact Name;Contact Email;Contact Phone;Website;Address;City;State;Postal Code;Country;Founded;Status;Workers Supplied',
  );
  for (const vendor of world.vendors) {
    const { address } = vendor;
    const workers = world.people.filter((one) => one.vendor === vendor && one.stage === 'employed').length;
    output.line(
      csvLine(
        [
          vendor.id,
          vendor.name,
          'Staffing',
          vendor.contact,
          vendor.email,
          writtenPhone(vendor.phone, 1),
          vendor.website,
          streetLine(address),
          address.city.name,
          address.city.region,
          address.postal,
          address.city.country,
          date(vendor.founded),
          'Active',
          workers,
        ],
        ';',
      ),
    );
  }
  await output.close();
}

/** Something from another department that has nothing to do with any of this. */
export async function writeBadgeReaders(world: World, folder: string): Promise<void> {
  const output = new Output(join(folder, 'misc', 'badge-readers.csv'));
  const random = world.random('badge-readers');
  output.line('Panel,Door,Firmware,Battery mV,Last Service');
  for (let i = 1; i <= 40; i++)
    output.line(
      csvLine([
        `P-${String(Math.ceil(i / 4)).padStart(2, '0')}`,
        `${random.pick(['North', 'South', 'Stair', 'Dock'])} ${i}`,
        `4.${random.int(0, 9)}.${random.int(0, 20)}`,
        random.int(2900, 3400),
        date(world.asOf - random.int(10, 600) * DAY),
      ]),
    );
  await output.close();
}

async function writeRows(
  path: string,
  header: string,
  rows: { at: number; cells: string[] }[],
): Promise<void> {
  rows.sort((a, b) => a.at - b.at || compare(a.cells[0] ?? '', b.cells[0] ?? ''));
  const output = new Output(path);
  output.line(header);
  for (const { cells } of rows) {
    output.line(csvLine(cells));
    await output.drain();
  }
  await output.close();
}
