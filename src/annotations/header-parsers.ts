import { accept, quote, refuse, type Parser } from './parsers.ts';

/** RFC 9110, section 5.6.2, and RFC 6265, section 4.1.1: names of headers and of cookies are tokens. */
const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** The name of a cookie. */
export const cookieName: Parser<string> = (text) =>
  token.test(text)
    ? accept(text)
    : refuse(`${quote(text)} is not a cookie name`, 'Use letters, digits, "-" and "_".');

/** The name of a header. Not `__proto__`, which the objects that they become cannot hold. */
export const headerName: Parser<string> = (text) =>
  token.test(text.trim()) && text.trim() !== '__proto__'
    ? accept(text.trim())
    : refuse(`${quote(text)} is not the name of a header`, 'Use letters, digits and "-".');

/** The value of a header: one line that says something, of at most 1,000 characters. */
export const headerValue: Parser<string> = (text) => {
  const value = text.trim();
  return value !== '' && value.length <= 1_000 && !/[\x00-\x08\x0a-\x1f\x7f]|\p{Surrogate}/u.test(value)
    ? accept(value)
    : refuse(
        `${quote(text)} is not the value of a header`,
        'Write one line of at most 1,000 characters without control characters.',
      );
};
