// The organisation as a tree of units, and which posts its people may hold.

import type { Unit, Users } from '../api/office_types';

export interface UnitRow extends Unit {
  depth: number;
}

/** Units that stand, each below its parent, in the order they were made. */
export function treeOf(units: readonly Unit[]): UnitRow[] {
  const standing = units.filter((unit) => !unit.ended_at);
  const rows: UnitRow[] = [];
  const add = (parent: number, depth: number) => {
    for (const unit of standing.filter((one) => one.parent === parent)) {
      rows.push({ ...unit, depth });
      add(unit.unit, depth + 1);
    }
  };
  add(0, 0);
  return rows;
}

/** A unit with those above it: "市社保局 / 档案科". */
export function unitNames(units: readonly Unit[]): Map<number, string> {
  const by = new Map(units.map((unit) => [unit.unit, unit]));
  const nameOf = (unit: Unit): string => {
    const parent = by.get(unit.parent);
    return parent ? `${nameOf(parent)} / ${unit.name}` : unit.name;
  };
  return new Map(units.map((unit) => [unit.unit, nameOf(unit)]));
}

/** The posts that somebody of a family may hold; of no family, whoever is no outside helper any. */
export function postsAllowed(
  posts: Users['posts'],
  families: Users['families'],
  family: string,
  contractor: boolean,
): string[] {
  const of = families.find((one) => one.family === family);
  return posts
    .filter((post) => !contractor || post.contractor)
    .filter((post) => !of || of.posts.includes(post.post))
    .map((post) => post.post);
}
