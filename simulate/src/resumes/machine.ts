import type { Random } from '../random.js';
import type { Field } from './fields/field.js';
import { list } from './fields/field.js';
import { fill } from './fill.js';

/**
 * What a language model writes when asked for a résumé: the same frames over and over, with the same few fillings.
 * Two such résumés resemble each other although nobody copied.
 */
const bullets = list(`
  Spearheaded the development of {adj} {item} using {tool} and {other}, resulting in a {p}% improvement in {gain}
  Architected and implemented {adj} {item} leveraging {tool}, reducing {pain} by {p}%
  Led a cross-functional team of {n} to deliver {adj} {item}, achieving a {p}% increase in {gain}
  Optimized {item} by implementing {tool}, leading to a {p}% reduction in {pain}
  Collaborated with cross-functional teams including product, design and engineering to deliver {adj} {item} that enhanced {gain}
  Orchestrated the migration of {old} to {adj} {item}, cutting {pain} by {p}% while improving {gain}
  Championed the adoption of {practice}, fostering a culture of {culture} across the organization
  Engineered {adj} {item} with {tool} and {other}, processing over {k}K requests daily with 99.9% uptime
  Mentored {n} junior engineers through code reviews and pair programming, improving team productivity by {p}%
  Streamlined {process} through automation with {tool}, saving over {h} hours per week
  Drove the implementation of {practice}, ensuring alignment with business objectives and industry standards
  Designed and developed {adj} {item} in {tool}, ensuring scalability, reliability and maintainability
  Implemented comprehensive monitoring and alerting with {tool}, reducing {pain} by {p}%
  Established {practice} that improved {gain} by {p}% and accelerated delivery by {q}%
  Partnered with key stakeholders to define requirements and translate business needs into {adj} {item}
  Enhanced {gain} by {p}% through data-driven optimization of {item} and {process}
  Leveraged {tool} and {other} to build {adj} {item}, empowering teams to make informed decisions
  Facilitated seamless integration of {item} with third-party services, boosting {gain} by {p}%
  Developed and maintained {adj} {item}, delivering measurable business value and exceptional user experiences
  Conducted in-depth analysis of {process}, identifying opportunities that reduced {pain} by {p}%`);

const summaries = list(`
  Results-driven {title} with over {n} years of experience designing and delivering {adj} {item}.
  Highly skilled {title} with a proven track record of leveraging {tool} and {other} to drive business success.
  Adept at collaborating with cross-functional teams to deliver innovative solutions that exceed expectations.
  Passionate about {practice} and committed to continuous learning in a fast-paced environment.
  Demonstrated expertise in {tool}, {other} and {practice}, with a strong focus on {gain}.
  Dynamic and detail-oriented {title} who thrives on solving complex problems and delivering impactful results.
  Seeking to leverage extensive expertise in {tool} to contribute to the success of a forward-thinking organization.`);

const slots: Record<string, string[]> = {
  adj: [
    'scalable',
    'robust',
    'high-performance',
    'cloud-native',
    'innovative',
    'user-centric',
    'secure and scalable',
    'cutting-edge',
  ],
  item: [
    'microservices',
    'data pipelines',
    'web applications',
    'RESTful APIs',
    'automation frameworks',
    'analytics solutions',
    'customer-facing platforms',
    'reporting dashboards',
    'backend systems',
    'enterprise solutions',
  ],
  gain: [
    'system performance',
    'operational efficiency',
    'user engagement',
    'customer satisfaction',
    'team productivity',
    'data accuracy',
    'overall reliability',
  ],
  pain: [
    'latency',
    'operational costs',
    'deployment time',
    'processing time',
    'downtime',
    'manual effort',
    'load times',
  ],
  old: ['legacy systems', 'monolithic applications', 'on-premises infrastructure', 'manual workflows'],
  practice: [
    'best practices',
    'agile methodologies',
    'CI/CD pipelines',
    'test-driven development',
    'data-driven decision making',
    'infrastructure as code',
    'coding standards',
  ],
  culture: [
    'continuous improvement',
    'innovation and collaboration',
    'accountability and excellence',
    'knowledge sharing',
  ],
  process: [
    'deployment processes',
    'existing workflows',
    'reporting processes',
    'release cycles',
    'data processing workflows',
  ],
};

export function machineBullet(random: Random, field: Field): string {
  return fill(random.pick(bullets), (slot) => machineSlot(random, field, slot, field.titles[0] ?? ''));
}

export function machineSummary(random: Random, field: Field, title: string): string[] {
  return random
    .sample(summaries, random.int(2, 3))
    .map((frame) => fill(frame, (slot) => machineSlot(random, field, slot, title)));
}

function machineSlot(random: Random, field: Field, slot: string, title: string): string {
  const choices = slots[slot];
  if (choices) return random.pick(choices);
  switch (slot) {
    case 'tool':
    case 'other':
      // Models name the best known tools.
      return field.tools[Math.floor(field.tools.length * random.unit() ** 2)] as string;
    case 'p':
      return String(5 * random.int(3, 10));
    case 'q':
      return String(5 * random.int(2, 6));
    case 'k':
      return String(random.pick([10, 50, 100, 500]));
    case 'h':
      return String(random.pick([10, 15, 20, 30]));
    case 'n':
      return String(random.int(3, 10));
    case 'title':
      return title;
    default:
      throw new RangeError(`no such slot: ${slot}`);
  }
}
