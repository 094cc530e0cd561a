import { describe, expect, it } from 'vitest';
import { addressable, href, parseRoute } from './route.js';

describe('addresses', () => {
  it('come back as they went, whatever a person’s number holds', () => {
    for (const id of ['E1', 'a/b?c#d&e=f', '100%', 'ü ñ', '../..', '?', '🦊']) {
      expect(parseRoute(href('person', id, { open: '1.2', q: 'a&b=c #d' }))).toEqual({
        page: 'person',
        id,
        query: { open: '1.2', q: 'a&b=c #d' },
      });
    }
  });

  it('are the same whatever the order of what they hold, and leave out what is empty', () => {
    expect(href('people', '', { q: 'x', band: 'watch' })).toBe(
      href('people', '', { band: 'watch', q: 'x', stage: '' }),
    );
    expect(href('people', '', { q: '' })).toBe('#/people');
    expect(href('overview')).toBe('#/');
  });

  it('name a page only where there is one', () => {
    expect(parseRoute('').page).toBe('overview');
    expect(parseRoute('#/').page).toBe('overview');
    expect(parseRoute('#/nowhere').page).toBe('unknown');
    expect(parseRoute('#/person').page).toBe('unknown');
    expect(parseRoute('#/people/extra').page).toBe('unknown');
    expect(parseRoute('#/person/%E0%A4%A').id).toBe('%E0%A4%A');
  });

  it('can hold a number that is no text', () => {
    const half = 'x\uD800';
    expect(parseRoute(href('person', half)).id).toBe(addressable(half));
  });
});
