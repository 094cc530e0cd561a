import { bars, type Field, list } from './field.js';

export const frontend: Field = {
  id: 'frontend',
  titles:
    bars(`Frontend Engineer|Senior Frontend Engineer|React Developer|UI Engineer|Web Developer|Angular Developer|Vue Developer
    |Frontend Lead|JavaScript Developer|Design Systems Engineer|Mobile Developer|Senior React Native Engineer|Android Engineer|iOS Engineer`),
  verbs:
    bars(`build|redesign|rewrite|ship|prototype|refactor|style|localise|animate|polish|migrate|split|test|own|document|assemble
    |launch|restyle|simplify|componentise|wire up|unify`),
  things:
    bars(`dashboard|checkout flow|component library|form builder|onboarding wizard|map view|chart kit|booking screen|search page
    |admin panel|mobile app|offline mode|date picker|data grid|rich text editor|landing page|settings area|customer portal|chat widget
    |drag-and-drop planner|file uploader|timeline view|filter bar|print view|notification centre`),
  tools:
    bars(`React|TypeScript|Next.js|Vue|Nuxt|Angular|RxJS|Svelte|Redux Toolkit|TanStack Query|Tailwind CSS|Storybook|Playwright|Cypress
    |Vite|webpack|D3|Three.js|WebSockets|GraphQL|Apollo Client|Sass|Web Components|React Native|Swift|SwiftUI|Kotlin|Jetpack Compose
    |Flutter|Figma|Jest|Testing Library|Service Workers|Mapbox GL`),
  means: list(`
    in {tool} with state kept in the address so that every view can be shared
    with {tool} and virtual scrolling for tables of {n}0,000 rows
    using {tool}, server-rendered on the first visit
    in {tool} with keyboard operation throughout
    from {n} copies of the same widget spread over as many repositories
    with {tool} tests on every screen and visual snapshots of the rest
    in {tool}, down to {n}0 kB of script on the critical path
    together with two designers, tokens first
    with optimistic updates and undo instead of confirm dialogs
    in {tool}, replacing a jQuery page of {n} years
    so that it reads well in a screen reader, checked with {n} blind users
    with lazy routes and prefetching on hover
    using {tool} and {other}, released behind flags to 5 % of visitors first
    with right-to-left layout and {n} languages
    in {tool} on one code base for phone and tablet
    with conflict handling for drafts edited on two devices
    in {tool} with typed events from the backend's schema`),
  problems:
    bars(`layout shifts|a white screen on older tablets|janky scrolling|lost form input|double submits|slow first paint
    |memory growth in long sessions|flaky end-to-end tests|unreadable contrast|broken deep links|hydration mismatches
    |keyboard traps in dialogs|crashes when the app came back from background|wrong dates in other time zones`),
  causes:
    bars(`an image without dimensions|a context that re-rendered everything|event listeners nobody removed|three versions of one library
    |a polyfill loaded for all browsers|an unmemoised selector|fonts that blocked rendering|a stale service worker|a global style override
    |an effect with a missing dependency|state kept in two places|a third-party tag`),
  lower:
    bars(`bundle size|time to interactive|largest contentful paint|bounce rate|crash rate|abandoned baskets|support tickets about forms
    |input delay|accessibility violations|review time per change|app start time|layout shift score`),
  higher:
    bars(`conversion|Lighthouse score|task completion|sessions per user|crash-free sessions|component reuse|store rating
    |organic traffic|share of screens with tests|weekly active users`),
  duties: list(`
    Turned design files into responsive and accessible screens
    Discussed interaction details with designers and product managers every week
    Maintained the shared component library and reviewed contributions to it
    Wrote unit and end-to-end tests for new screens
    Watched web vitals and error reports after each release
    Supported the current and the previous version of all major browsers`),
  degrees:
    bars(`BSc Computer Science|BA Interaction Design|BSc Web Development|BSc Multimedia Computing|BA Digital Media
    |BSc Software Engineering|Diploma in Web Technologies`),
};
