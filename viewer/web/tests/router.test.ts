import { describe, expect, test } from 'vitest';
import { paths, routeOf } from '../src/state/router.svelte';

describe('addresses', () => {
  test.each([
    ['/', '', { screen: 'search' }],
    ['/dossiers', '', { screen: 'dossiers' }],
    ['/dossiers/7', '', { screen: 'reader', dossier: 7, page: null, contents: '', repair: null }],
    ['/dossiers/7', '?page=12', { screen: 'reader', dossier: 7, page: 12, contents: '', repair: null }],
    [
      '/dossiers/7',
      '?contents=account',
      { screen: 'reader', dossier: 7, page: null, contents: 'account', repair: null },
    ],
    ['/batches', '', { screen: 'batches', batch: null }],
    ['/batches/2', '', { screen: 'batches', batch: 2 }],
    ['/pages/9', '', { screen: 'page', page: 9, repair: null }],
    ['/pages/9', '?repair=insert', { screen: 'page', page: 9, repair: 'insert' }],
    ['/pages/9', '?repair=delete', { screen: 'page', page: 9, repair: null }],
    ['/persons/3', '', { screen: 'person', person: 3 }],
    [
      '/review',
      '',
      { screen: 'review', tab: 'values', batch: null, dossier: null, below: null },
    ],
    [
      '/review/keying',
      '?batch=2&dossier=3&below=0.9',
      { screen: 'review', tab: 'keying', batch: 2, dossier: 3, below: 0.9 },
    ],
    [
      '/review/items',
      '?below=7',
      { screen: 'review', tab: 'items', batch: null, dossier: null, below: null },
    ],
    ['/keeping', '', { screen: 'keeping', section: 'tasks' }],
    ['/keeping/loans', '', { screen: 'keeping', section: 'loans' }],
    ['/audit', '', { screen: 'audit' }],
    ['/admin', '', { screen: 'admin', section: 'users' }],
    ['/admin/selfcheck', '', { screen: 'admin', section: 'selfcheck' }],
    ['/upload', '', { screen: 'upload' }],
  ])('%s%s', (path, search, route) => {
    expect(routeOf(path, search)).toEqual(route);
  });
  test.each([
    '/persons',
    '/pages',
    '/dossiers/x',
    '/dossiers/0',
    '/dossiers/1e3',
    '/dossiers/7/8',
    '/else',
    '/review/other',
    '/review/items/7',
    '/keeping/else',
    '/keeping/loans/1',
    '/admin/1',
    '/audit/1',
    '/upload/1',
    '/batches/-1',
    '/dossiers/99999999999999999999',
  ])('%s leads nowhere', (path) => {
    expect(routeOf(path)).toEqual({ screen: 'nowhere' });
  });
  test('lead back to the screens they were made for', () => {
    const at = (path: string) => {
      const url = new URL(path, 'https://archive.example');
      return routeOf(url.pathname, url.search);
    };
    expect(at(paths.reader(7, 12))).toMatchObject({ screen: 'reader', dossier: 7, page: 12 });
    expect(at(paths.reader(7))).toMatchObject({ screen: 'reader', page: null });
    expect(at(paths.contents(7, 'account'))).toMatchObject({ contents: 'account' });
    expect(at(paths.person(3))).toEqual({ screen: 'person', person: 3 });
    expect(at(paths.batch(2))).toEqual({ screen: 'batches', batch: 2 });
  });
  test('hold no words of a search', () => {
    expect(paths.search).toBe('/');
  });
});
