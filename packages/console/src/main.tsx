import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { readEmbedded } from './embedded.js';
import { applyTheme } from './parts/Theme.js';
import './style/tokens.css';
import './style/base.css';
import './style/parts.css';
import './style/pages.css';
import './style/print.css';

const root = document.getElementById('root');
if (root) {
  applyTheme();
  createRoot(root).render(
    <StrictMode>
      <App embedded={readEmbedded()} />
    </StrictMode>,
  );
}
