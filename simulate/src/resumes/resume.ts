/** A résumé as plain data. Nothing of it says how it is laid out. */
export interface Resume {
  name: { given: string; family: string };
  /** What they call themselves under the name: "Senior Backend Engineer". */
  headline: string;
  contacts: Contacts;
  /** Sentences. */
  summary: string[];
  /** Latest first. */
  employment: Employment[];
  education: Education[];
  skills: Skill[];
  projects: Project[];
  /** Lines a template brings along: consent to processing, references on request. */
  fixed: string[];
}

export interface Contacts {
  email: string;
  phone: string;
  city: string;
  /** Name of the region, as people write it in an address. */
  region: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  links: string[];
}

export interface Employment {
  employer: string;
  title: string;
  /** "City, region". */
  place: string;
  /** "2021-03". */
  start: string;
  /** Empty while they still work there. */
  end?: string;
  /** One line each, without a glyph. */
  bullets: string[];
}

export interface Education {
  school: string;
  degree: string;
  /** Year of the degree. */
  year: number;
}

export interface Skill {
  name: string;
  years?: number;
}

export interface Project {
  name: string;
  lines: string[];
}

/** Who a résumé is about. */
export interface Identity {
  name: Resume['name'];
  contacts: Contacts;
}
