import { useState } from 'react';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];
const key = 'rollcall.theme';

/** A page opened from disk may be refused its storage: then a choice lasts as long as the page. */
export function remember(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // Nothing to do: the choice still holds for this page.
  }
}

export function recall(name: string): string | undefined {
  try {
    return window.localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}

function chosen(): Theme {
  return themes.find((theme) => theme === recall(key)) ?? 'auto';
}

export function applyTheme(theme: Theme = chosen()): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function ThemeChoice() {
  const [theme, setTheme] = useState<Theme>(chosen);
  return (
    <fieldset className="theme">
      <legend className="hidden">Colours</legend>
      {themes.map((one) => (
        <label key={one} className={one === theme ? 'on' : undefined}>
          <input
            type="radio"
            name="theme"
            value={one}
            checked={one === theme}
            onChange={() => {
              setTheme(one);
              applyTheme(one);
              remember(key, one);
            }}
          />
          {one === 'auto' ? 'Auto' : one === 'light' ? 'Light' : 'Dark'}
        </label>
      ))}
    </fieldset>
  );
}
