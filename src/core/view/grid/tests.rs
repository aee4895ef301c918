//! Cells in a window of 1000 by 600 with a status line of 40 below.

use super::*;
use crate::core::photo::PhotoId;

const WINDOW: Viewport = Viewport { insets_px: [0.0, 40.0], ..Viewport::new([1000.0, 640.0], 1.0) };

fn grid(cell_px: f32, scroll_px: f64) -> Grid {
    Grid::at(cell_px, scroll_px)
}

fn order(count: u32) -> Arc<Order> {
    Arc::new(Order::by_name((0..count).map(PhotoId).collect()))
}

/// So many photos in the rows of a grid.
fn rows(grid: &Grid, viewport: &Viewport, count: u32) -> Rows {
    let mut rows = Rows::default();
    grid.fit(viewport, &order(count), &mut rows);
    rows
}

/// Zooms among so many photos.
fn zoom(grid: &mut Grid, viewport: &Viewport, count: u32, factor: f32, at_px: [f32; 2]) -> Rows {
    let mut rows = rows(grid, viewport, count);
    grid.zoom_about(viewport, &order(count), &mut rows, factor, at_px);
    rows
}

#[test]
fn cells_are_centred_with_equal_margins() {
    for cell_px in [64.0, 97.3, 100.0, 151.0, 333.0, 600.0] {
        let grid = grid(cell_px, 0.0);
        let columns = grid.columns(&WINDOW);
        let [left, ..] = grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), 0);
        let [x, _, width, _] = grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), columns - 1);
        let right = 1000.0 - (x + width);
        assert!((left - right).abs() <= 1.0, "{left} and {right} with cells of {cell_px}");
        assert!(left < width + 4.0, "room for another column with cells of {cell_px}");
    }
}

#[test]
fn cells_lie_on_whole_pixels() {
    let grid = grid(97.3, 12.4);
    let rect = grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), 23);
    assert_eq!(rect, rect.map(f32::round));
}

#[test]
fn a_million_rows_scroll_by_the_pixel() {
    let viewport = Viewport::new([300.0, 300.0], 1.0);
    let mut grid = grid(300.0, 0.0);
    let rows_now = rows(&grid, &viewport, 1_000_000);
    grid.reveal(&viewport, &rows_now, 999_999);
    let [_, y, ..] = grid.cell_rect(&viewport, &rows(&grid, &viewport, 1_000_000), 999_999);
    let rows_now = rows(&grid, &viewport, 1_000_000);
    grid.scroll(&viewport, &rows_now, -1.0);
    assert_eq!(y, 0.0);
    assert_eq!(grid.cell_rect(&viewport, &rows(&grid, &viewport, 1_000_000), 999_999)[1], 1.0);
}

#[test]
fn the_largest_cell_is_the_whole_area() {
    for size_px in [[1000.0, 640.0], [640.0, 1000.0]] {
        let viewport = Viewport { size_px, ..WINDOW };
        let mut grid = grid(100.0, 0.0);
        zoom(&mut grid, &viewport, 50, 1e9, [0.0, 0.0]);
        assert_eq!(grid.cell_rect(&viewport, &rows(&grid, &viewport, 2000), 0), viewport.area_px());
        assert_eq!(grid.visible(&viewport, &rows(&grid, &viewport, 50)), 0..1);
    }
}

#[test]
fn the_smallest_cells_show_the_whole_shoot() {
    for scale in [1.0, 1.5, 2.0] {
        let viewport = Viewport { scale, ..WINDOW };
        let mut grid = Grid::new(&viewport);
        let rows = zoom(&mut grid, &viewport, 20, 1e-9, [500.0, 300.0]);
        assert_eq!(grid.cell_rect(&viewport, &rows, 0)[2], 64.0 * scale);
        for count in [200, 3_000, 100_000] {
            let mut grid = Grid::new(&viewport);
            let rows = zoom(&mut grid, &viewport, count, 1e-9, [500.0, 300.0]);
            let [x, y, width, height] = grid.cell_rect(&viewport, &rows, count as usize - 1);
            assert!(width <= 64.0 * scale && y + height <= 600.0, "{count} in {y} + {height}");
            assert!(x + width <= 1000.0);
            let larger = rows_of_side(&viewport, count, width + 1.0);
            assert!(larger || width == 64.0 * scale, "{count} photos fit into larger cells");
        }
    }
}

/// Whether so many photos are higher than the area in cells of a size.
fn rows_of_side(viewport: &Viewport, count: u32, side: f32) -> bool {
    let grid = grid(side, 0.0);
    let [_, y, _, height] =
        grid.cell_rect(viewport, &rows(&grid, viewport, count), count as usize - 1);
    y + height > 600.0
}

#[test]
fn each_cell_is_found_at_its_own_middle_and_corners() {
    for scroll_px in [0.0, 33.7, 250.0] {
        let grid = grid(100.0, scroll_px);
        for index in grid.visible(&WINDOW, &rows(&grid, &WINDOW, 200)) {
            let [x, y, width, height] = grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), index);
            for at_px in [[0.0, 0.0], [0.5, 0.5], [0.99, 0.99]] {
                let at_px = [x + at_px[0] * width, y + at_px[1] * height];
                let is_inside = (0.0..600.0).contains(&at_px[1]);
                let expect = is_inside.then_some(index);
                assert_eq!(
                    grid.index_at(&WINDOW, &rows(&grid, &WINDOW, 200), at_px),
                    expect,
                    "{at_px:?}"
                );
            }
        }
    }
}

#[test]
fn gaps_margins_and_the_status_line_hold_no_cell() {
    let grid = grid(100.0, 0.0);
    let [x, y, width, height] = grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), 0);
    for at_px in [
        [x + width + 2.0, y + 5.0],
        [x + 5.0, y + height + 2.0],
        [x - 1.0, y],
        [x, -1.0],
        [500.0, 620.0],
        [-5.0, -5.0],
        [f32::NAN, 3.0],
    ] {
        assert_eq!(grid.index_at(&WINDOW, &rows(&grid, &WINDOW, 200), at_px), None, "{at_px:?}");
    }
    assert_eq!(
        grid.index_at(&WINDOW, &rows(&grid, &WINDOW, 2), [x + 5.0 * 104.0, y]),
        None,
        "behind the last photo"
    );
}

#[test]
fn a_rectangle_holds_every_cell_that_it_touches() {
    let grid = grid(100.0, 0.0);
    let columns = grid.columns(&WINDOW);
    let [a, b] = [
        grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), 1),
        grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), columns + 2),
    ];
    let (from, to) = ([a[0] + 99.0, a[1] + 50.0], [b[0] + 1.0, b[1] + 1.0]);
    let expect = [1, 2, columns + 1, columns + 2];
    for (from, to) in [(from, to), (to, from), ([from[0], to[1]], [to[0], from[1]])] {
        let cells: Vec<_> = grid.cells_in(&WINDOW, &rows(&grid, &WINDOW, 200), from, to).collect();
        assert_eq!(cells, expect);
    }
    let rows = rows(&grid, &WINDOW, 200);
    let all = grid.cells_in(&WINDOW, &rows, [-1e7, -1e7], [1e7, 1e7]);
    assert_eq!(all.count(), 200);
    assert_eq!(grid.cells_in(&WINDOW, &rows, [-9.0, -9.0], [-5.0, -5.0]).count(), 0);
}

#[test]
fn visible_is_what_intersects_the_area() {
    for scroll_px in [0.0, 99.0, 100.0, 103.0, 104.0, 1e9] {
        let mut grid = grid(100.0, scroll_px);
        let rows_now = rows(&grid, &WINDOW, 200);
        grid.clamp(&WINDOW, &rows_now);
        let naive = |index: &usize| {
            let [_, y, _, height] = grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), *index);
            y < 600.0 && y + height > 0.0
        };
        let expect: Vec<_> = (0..200).filter(naive).collect();
        assert_eq!(
            grid.visible(&WINDOW, &rows(&grid, &WINDOW, 200)).collect::<Vec<_>>(),
            expect,
            "at {scroll_px}"
        );
    }
    assert_eq!(grid(100.0, 0.0).visible(&WINDOW, &Rows::default()), 0..0);
}

#[test]
fn revealing_scrolls_no_further_than_needed() {
    let mut grid = grid(100.0, 150.0);
    let rows_now = rows(&grid, &WINDOW, 200);
    grid.reveal(&WINDOW, &rows_now, 20);
    assert_eq!(grid.scroll_px, 150.0, "row 2 is wholly in view");
    let rows_now = rows(&grid, &WINDOW, 200);
    grid.reveal(&WINDOW, &rows_now, 0);
    assert_eq!(grid.scroll_px, 0.0);
    let rows_now = rows(&grid, &WINDOW, 200);
    grid.reveal(&WINDOW, &rows_now, 80);
    let [_, y, _, height] = grid.cell_rect(&WINDOW, &rows(&grid, &WINDOW, 2000), 80);
    assert_eq!(y + height, 600.0, "it stands at the bottom");
}

#[test]
fn zooming_keeps_the_photo_under_the_pointer() {
    for at_px in [[500.0, 333.0], [3.0, 5.0], [997.0, 598.0], [260.0, 100.0]] {
        let mut grid = grid(100.0, 2000.0);
        let index = grid.nearest(&WINDOW, &rows(&grid, &WINDOW, 2000), at_px);
        for factor in [1.3, 1.3, 0.7, 2.0, 0.5, 0.3, 0.5, 4.0, 1.7, 1.1, 2.0] {
            let rows = zoom(&mut grid, &WINDOW, 2000, factor, at_px);
            let [x, y, width, height] = grid.cell_rect(&WINDOW, &rows, index);
            let gap = 4.0;
            let is_there = (x - gap..=x + width + gap).contains(&at_px[0])
                && (y - gap..=y + height + gap).contains(&at_px[1]);
            assert!(is_there, "{index} left {at_px:?} at {factor}: {x} {y} {width}");
        }
    }
}

#[test]
fn a_zoom_beyond_the_ends_is_taken_back_by_scrolling() {
    let mut grid = grid(100.0, 0.0);
    // The last of twelve photos, in the second of two rows.
    let at_px = [100.0, 150.0];
    let rows = zoom(&mut grid, &WINDOW, 12, 2.0, at_px);
    assert!(grid.scroll_px != 0.0 || grid.index_at(&WINDOW, &rows, at_px).is_some());
    let before = grid.scroll_px;
    grid.scroll(&WINDOW, &rows, -10.0);
    assert!(grid.scroll_px <= before.max(0.0));
    grid.reveal(&WINDOW, &rows, 0);
    assert_eq!(grid.scroll_px, 0.0);
}

#[test]
fn a_photo_stays_under_the_eye_when_others_come_before_it() {
    let mut grid = grid(100.0, 500.0);
    let eye_px = grid.eye_px(&WINDOW, &rows(&grid, &WINDOW, 900), 60);
    let rows_now = rows(&grid, &WINDOW, 900);
    grid.keep_under_eye(&WINDOW, &rows_now, 360, eye_px);
    assert_eq!(grid.eye_px(&WINDOW, &rows(&grid, &WINDOW, 900), 360), eye_px);
}
