import type { Plan } from '@rollcall/sigma';

/**
 * What a plan says about fields that are columns of the events table, and nothing else: a condition that holds whenever
 * the plan does. Records that fail it need not be opened.
 */
export function weaken(plan: Plan, isColumn: (field: string) => boolean): Plan {
  switch (plan.op) {
    case 'constant':
      return plan;
    case 'keyword':
      return always;
    case 'test':
      return known(plan, isColumn) ? plan : always;
    case 'not':
      return wholly(plan.arg, isColumn) ? plan : always;
    case 'and': {
      const args = plan.args.map((arg) => weaken(arg, isColumn)).filter((arg) => !isAlways(arg));
      return args.length === 0 ? always : { op: 'and', args };
    }
    case 'or': {
      const args = plan.args.map((arg) => weaken(arg, isColumn));
      return args.some(isAlways) ? always : { op: 'or', args };
    }
  }
}

const always: Plan = { op: 'constant', value: true };

export function isAlways(plan: Plan): boolean {
  return plan.op === 'constant' && plan.value;
}

function known(plan: Extract<Plan, { op: 'test' }>, isColumn: (field: string) => boolean): boolean {
  return isColumn(plan.field) && (plan.test.kind !== 'field' || isColumn(plan.test.other));
}

function wholly(plan: Plan, isColumn: (field: string) => boolean): boolean {
  switch (plan.op) {
    case 'constant':
      return true;
    case 'keyword':
      return false;
    case 'test':
      return known(plan, isColumn);
    case 'not':
      return wholly(plan.arg, isColumn);
    default:
      return plan.args.every((arg) => wholly(arg, isColumn));
  }
}

/** Every field a plan asks for, and whether it asks if the field is there. Keywords are told apart. */
export function fieldsOf(plan: Plan): { fields: Map<string, boolean>; keywords: boolean } {
  const fields = new Map<string, boolean>();
  let keywords = false;
  const visit = (at: Plan): void => {
    switch (at.op) {
      case 'constant':
        return;
      case 'keyword':
        keywords = true;
        return;
      case 'not':
        visit(at.arg);
        return;
      case 'test': {
        const state = at.test.kind === 'absent' || at.test.kind === 'exists';
        fields.set(at.field, (fields.get(at.field) ?? false) || state);
        if (at.test.kind === 'field') fields.set(at.test.other, fields.get(at.test.other) ?? false);
        return;
      }
      default:
        for (const arg of at.args) visit(arg);
    }
  };
  visit(plan);
  return { fields, keywords };
}

/** Whether the plan could hold for some record in which these fields hold nothing. */
export function possible(plan: Plan, holds: (field: string) => boolean): boolean {
  switch (plan.op) {
    case 'constant':
      return plan.value;
    case 'keyword':
    case 'not':
      return true;
    case 'test':
      if (plan.test.kind === 'absent' || plan.test.kind === 'exists') return true;
      return holds(plan.field) && (plan.test.kind !== 'field' || holds(plan.test.other));
    case 'and':
      return plan.args.every((arg) => possible(arg, holds));
    case 'or':
      return plan.args.some((arg) => possible(arg, holds));
  }
}

/** Fields that a plan needs and that hold nothing, for a message. */
export function lacking(plan: Plan, holds: (field: string) => boolean): string[] {
  return [...fieldsOf(plan).fields.keys()].filter((field) => !holds(field)).sort();
}
