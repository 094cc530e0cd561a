import { describe, expect, it } from 'vitest';
import { addressHeader, networkOf, noteAddress, ownOrigins, pageHeaders, refuseForeign } from './security.js';

const noted = (sent: Record<string, string>, remote: string, trusted: string[] = []) => {
  const headers = new Headers(sent);
  noteAddress(headers, remote, trusted);
  return headers.get(addressHeader);
};

describe('the address a request comes from', () => {
  it('is the other end’s, whatever the request says', () => {
    expect(noted({ [addressHeader]: '192.0.2.1', 'x-forwarded-for': '192.0.2.2' }, '198.51.100.7')).toBe(
      '198.51.100.7',
    );
    expect(noted({}, '::ffff:198.51.100.7')).toBe('198.51.100.7');
  });

  it('is what a proxy of ours says last, beyond our own', () => {
    const proxies = ['127.0.0.1', '10.0.0.1'];
    expect(noted({ 'x-forwarded-for': '192.0.2.66, 203.0.113.9, 10.0.0.1' }, '127.0.0.1', proxies)).toBe(
      '203.0.113.9',
    );
    expect(noted({ 'x-forwarded-for': 'nonsense, <script>' }, '127.0.0.1', proxies)).toBe('127.0.0.1');
    expect(noted({}, '127.0.0.1', proxies)).toBe('127.0.0.1');
  });

  it('counts as a network for IPv6, however it is written', () => {
    const of = (address: string) => networkOf(new Headers({ [addressHeader]: address }));
    expect(of('2001:db8:1:2::1')).toBe(of('2001:0DB8:0001:0002:ffff::9'));
    expect(of('2001:db8:1:3::1')).not.toBe(of('2001:db8:1:2::1'));
    expect(of('::1')).toBe('0:0:0:0::/64');
    expect(of('192.0.2.1')).toBe('192.0.2.1');
    expect(of('')).toBe('unknown');
  });
});

describe('a change', () => {
  const change = (headers: Record<string, string>, origin?: string) => () =>
    refuseForeign('POST', new Headers(headers), origin);
  const own = 'https://rollcall.example.com';

  it('is taken from our own pages, and from programs that carry no cookie', () => {
    expect(change({ origin: own, 'sec-fetch-site': 'same-origin', cookie: 'a=b' }, own)).not.toThrow();
    expect(change({ authorization: 'Bearer x' }, own)).not.toThrow();
    expect(change({ host: 'rollcall.example.com', origin: own })).not.toThrow();
    expect(() => refuseForeign('GET', new Headers({ origin: 'https://evil.example' }), own)).not.toThrow();
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'http://rollcall.example.com' }],
    [{ origin: 'https://rollcall.example.com:8443' }],
    [{ origin: 'https://rollcall.example.com.evil.example' }],
    [{ origin: 'null' }],
    [{ origin: '' }],
    [{ origin: own, 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ cookie: 'rollcall.session_token=x' }],
  ])('is refused with %j', (headers) => {
    expect(change(headers as Record<string, string>, own)).toThrow(/another site/);
  });

  it('may come by any name of this very machine, where that is our address', () => {
    expect(ownOrigins('http://localhost:8470')).toContain('http://127.0.0.1:8470');
    expect(ownOrigins(own)).toEqual([own]);
  });
});

it('lets the page run nothing but our own files, and be shown in no frame', () => {
  const policy = pageHeaders('https://rollcall.example.com')['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});
