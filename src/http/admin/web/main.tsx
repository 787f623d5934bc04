// oxlint-disable-next-line import/no-unassigned-import -- it becomes a file of its own
import './page.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { LiveProvider } from './live.tsx';
import { NavigationProvider } from './navigation.tsx';

const root = document.getElementById('page');
if (root !== null)
  render(
    <NavigationProvider>
      <LiveProvider>
        <App />
      </LiveProvider>
    </NavigationProvider>,
    root,
  );
