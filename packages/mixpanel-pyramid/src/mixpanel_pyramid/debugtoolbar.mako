<%def name="value(cell)">
  % if cell.is_masked:
    <em class="mp-masked">${cell.text}</em>
  % elif cell.more:
    <details><summary><code><bdi>${cell.text}</bdi></code> <span class="mp-more">show all ${'{:,}'.format(len(cell.more))} characters</span></summary><code class="mp-whole"><bdi>${cell.more}</bdi></code></details>
  % else:
    <code><bdi>${cell.text}</bdi></code>
  % endif
</%def>
<style>
  .mp-panel { max-width: 1400px; overflow-x: auto; }
  .mp-panel .mp-summary { margin: 0 0 4px; font-size: 15px; }
  .mp-panel .mp-about { color: #555; margin: 0 0 14px; }
  .mp-panel .mp-state { display: inline-block; padding: 1px 8px; border-radius: 10px; font-weight: 600; font-size: 12px; white-space: nowrap; border: 1px solid; background: #fff; }
  .mp-panel .mp-released { color: #1b5e20; background: #e8f5e9; border-color: #a5d6a7; }
  .mp-panel .mp-would { color: #0d47a1; background: #e3f2fd; border-color: #90caf9; }
  .mp-panel .mp-waits { color: #0d47a1; background: #e3f2fd; border-color: #90caf9; }
  .mp-panel .mp-discarded { color: #7a4100; background: #fff3e0; border-color: #ffcc80; }
  .mp-panel .mp-refused { color: #b71c1c; background: #ffebee; border-color: #ef9a9a; }
  .mp-panel > table { table-layout: fixed; width: 100%; min-width: 860px; }
  .mp-panel caption { position: absolute; left: -10000px; }
  .mp-panel td, .mp-panel th { overflow-wrap: anywhere; vertical-align: top; }
  .mp-panel th[scope=row] { font-weight: normal; }
  .mp-panel .mp-name { font-weight: 600; }
  .mp-panel .mp-kind, .mp-panel .mp-note, .mp-panel .mp-more { color: #555; font-size: 12px; }
  .mp-panel dl { display: grid; grid-template-columns: minmax(80px, max-content) minmax(0, 1fr); gap: 1px 12px; margin: 0; }
  .mp-panel dt { font-weight: normal; color: #333; max-width: 220px; }
  .mp-panel dd { margin: 0; }
  .mp-panel code { color: #1f2d3d; background: none; padding: 0; white-space: pre-wrap; }
  .mp-panel summary { cursor: pointer; }
  .mp-panel .mp-more { text-decoration: underline; }
  .mp-panel .mp-whole { display: block; max-height: 240px; overflow: auto; padding: 6px; margin-top: 4px; background: #f5f5f5; border: 1px solid #ddd; }
  .mp-panel .mp-masked { color: #555; }
  .mp-panel .mp-id { font-size: 11px; }
  .mp-panel ul { margin: 2px 0 0; padding-left: 16px; }
</style>
<div class="mp-panel">
% if destination is None:
  <p>This app does not include mixpanel_pyramid, so that there is nothing to show.</p>
% else:
  % if not rows:
  <p class="mp-summary">Nothing was tracked in this request.</p>
  <p class="mp-about">${destination}</p>
  % else:
  <p class="mp-summary">
    % for state, count in tally.items():
    <span class="mp-state mp-${state.split()[0]}">${count} ${state}</span>
    % endfor
  </p>
  <p class="mp-about">${destination}
    ${'{} call{} took {:.2f} ms.'.format(times.calls, '' if times.calls == 1 else 's', times.seconds * 1000)}</p>
  <table class="table table-striped table-condensed">
    <caption>Messages of this request, in the order in which they were tracked</caption>
    <colgroup><col style="width:24%"><col style="width:39%"><col style="width:17%"><col style="width:20%"></colgroup>
    <thead>
      <tr>
        <th scope="col">Message</th>
        <th scope="col">Properties</th>
        <th scope="col">Plan</th>
        <th scope="col">What became of it</th>
      </tr>
    </thead>
    <tbody>
      % for row in rows:
      <tr>
        <th scope="row">
          <span class="mp-name"><bdi>${row.title}</bdi></span>
          <div class="mp-kind">${row.kind}\
% if row.subject:
 of <bdi>${row.subject}</bdi>\
% endif
</div>
          % if row.moment:
          <div class="mp-note">${row.moment}</div>
          % endif
          % if row.insert_id:
          <div class="mp-note mp-id">id ${row.insert_id}</div>
          % endif
          % if row.where:
          <div class="mp-note">in the subrequest ${row.where}</div>
          % endif
        </th>
        <td>
          % if row.cells:
          <dl>
            % for cell in row.cells:
            <dt><bdi>${cell.name}</bdi></dt><dd>${value(cell)}</dd>
            % endfor
          </dl>
          % endif
        </td>
        <td>${row.verdict}
          % if row.mended:
          <ul>
            % for sentence in row.mended:
            <li class="mp-note">${sentence}</li>
            % endfor
          </ul>
          % endif
        </td>
        <td>
          <span class="mp-state mp-${row.state.split()[0]}">${row.state}</span>
          <div class="mp-note">${row.why}</div>
          % if row.destination:
          <div class="mp-note">${'to ' if row.destination.startswith('http') else ''}${row.destination}</div>
          % endif
        </td>
      </tr>
      % endfor
    </tbody>
  </table>
  % if left:
  <p class="mp-about">${left} more are not shown.</p>
  % endif
  % endif
% endif
</div>
