// Loaded by Node (--import) before a program under test: its wall clock stands still at $FIXED_NOW.
// Only the tests of signed vectors use it; checks of learners never do.
const now = Number(process.env.FIXED_NOW) * 1000;
const Real = Date;

globalThis.Date = class extends Real {
  constructor(...parts) {
    super(...(parts.length ? parts : [now]));
  }
  static now() {
    return now;
  }
};
