import { useEffect, useState } from 'preact/hooks';
import { useNavigation } from './navigation.tsx';

/** So long nothing is typed until the address is another one: each step of it is remembered by the browser. */
const quietMs = 300;

/** What is typed here is searched for at once, and stands in the address a moment later. */
export function SearchField({
  label,
  hint,
  onText,
}: {
  readonly label: string;
  readonly hint: string;
  readonly onText: (text: string) => void;
}) {
  const { place, go } = useNavigation();
  const [text, setText] = useState(place.q);
  useEffect(() => {
    setText(place.q);
    onText(place.q);
  }, [place.q, onText]);
  useEffect(() => {
    if (text === place.q) return undefined;
    const timer = window.setTimeout(() => go({ q: text }, 'replace'), quietMs);
    return () => clearTimeout(timer);
  }, [text, place.q, go]);
  const onInput = (event: { readonly currentTarget: HTMLInputElement }): void => {
    setText(event.currentTarget.value);
    onText(event.currentTarget.value);
  };
  return (
    <label class="search">
      <span class="unseen">{label}</span>
      <input
        type="search"
        value={text}
        placeholder={hint}
        onInput={onInput}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        maxLength={500}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
