// licences.txt beside the application: the licence of every package of which a part is given out.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** The folder of the package that a module belongs to; nothing for our own. */
export function packageFolder(module: string): string | null {
  const found = module.match(/^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  return found?.[1] ?? null;
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : String(license);
  return `${name} ${version} (${license})\n\n${text}\n`;
}

export function licencesPlugin(): Plugin {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' ? file.moduleIds : [],
      );
      const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== null));
      const texts = [...folders]
        .filter((folder) => existsSync(join(folder, 'package.json')))
        .sort()
        .map(licenceOf);
      const source = texts.join(`\n${'-'.repeat(78)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
    },
  };
}
