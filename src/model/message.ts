/**
 * What is wrong, in the one style of all problems: with a capital letter, unless it starts with a value, a key or a path, which
 * stays as it is written; without a full stop, because what is shown after it brings one.
 */
export function toMessage(text: string): string {
  const sentence = text.replace(/(?<!\.)\.$/, '');
  return /^[a-z]+(?= |$)/.test(sentence) ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : sentence;
}
