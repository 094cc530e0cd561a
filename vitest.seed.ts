import fc from 'fast-check';

/**
 * Properties draw the same examples in every run: a change is judged by what it changed, not by luck.
 * `npm run test:explore` draws new ones; what it finds becomes an example beside its property.
 */
const explore = process.env.ROLLCALL_EXPLORE !== undefined;
fc.configureGlobal(explore ? {} : { seed: 20_260_101 });
