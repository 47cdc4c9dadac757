import './design/tokens.css';
import './design/base.css';
import './design/controls.css';

import { mount } from 'svelte';
import App from './App.svelte';

const place = document.getElementById('app');
if (place) mount(App, { target: place });
