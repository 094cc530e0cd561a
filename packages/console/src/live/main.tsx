import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../parts/Theme.js';
import { Shell } from './Shell.js';
import '../style/tokens.css';
import '../style/base.css';
import '../style/words.css';
import '../style/tables.css';
import '../style/filters.css';
import '../style/help.css';
import '../style/waterfall.css';
import '../style/timeline.css';
import '../style/map.css';
import '../style/ring.css';
import '../style/spread.css';
import '../style/resume.css';
import '../style/explanations.css';
import '../style/pages.css';
import '../style/print.css';
import './style/live.css';

const root = document.getElementById('root');
if (root) {
  applyTheme();
  createRoot(root).render(
    <StrictMode>
      <Shell />
    </StrictMode>,
  );
}
