//! Cells in a window of 1000 by 600 with a status line of 40 below.

use super::*;

const WINDOW: Viewport = Viewport { insets_px: [0.0, 40.0], ..Viewport::new([1000.0, 640.0], 1.0) };

fn grid(cell_px: f32, scroll_px: f64) -> Grid {
    Grid { cell_px, scroll_px }
}

#[test]
fn cells_are_centred_with_equal_margins() {
    for cell_px in [64.0, 97.3, 100.0, 151.0, 333.0, 600.0] {
        let grid = grid(cell_px, 0.0);
        let columns = grid.columns(&WINDOW);
        let [left, ..] = grid.cell_rect(&WINDOW, 0);
        let [x, _, width, _] = grid.cell_rect(&WINDOW, columns - 1);
        let right = 1000.0 - (x + width);
        assert!((left - right).abs() <= 1.0, "{left} and {right} with cells of {cell_px}");
        assert!(left < width + 4.0, "room for another column with cells of {cell_px}");
    }
}

#[test]
fn cells_lie_on_whole_pixels() {
    let rect = grid(97.3, 12.4).cell_rect(&WINDOW, 23);
    assert_eq!(rect, rect.map(f32::round));
}

#[test]
fn a_million_rows_scroll_by_the_pixel() {
    let viewport = Viewport::new([300.0, 300.0], 1.0);
    let mut grid = grid(300.0, 0.0);
    grid.reveal(&viewport, 1_000_000, 999_999);
    let [_, y, ..] = grid.cell_rect(&viewport, 999_999);
    grid.scroll(&viewport, 1_000_000, -1.0);
    assert_eq!(y, 0.0);
    assert_eq!(grid.cell_rect(&viewport, 999_999)[1], 1.0);
}

#[test]
fn the_largest_cell_is_the_whole_area() {
    for size_px in [[1000.0, 640.0], [640.0, 1000.0]] {
        let viewport = Viewport { size_px, ..WINDOW };
        let mut grid = grid(100.0, 0.0);
        grid.zoom_about(&viewport, 50, 1e9, [0.0, 0.0]);
        assert_eq!(grid.cell_rect(&viewport, 0), viewport.area_px());
        assert_eq!(grid.visible(&viewport, 50), 0..1);
    }
}

#[test]
fn the_smallest_cell_is_64_logical_pixels() {
    for scale in [1.0, 1.5, 2.0] {
        let viewport = Viewport { scale, ..WINDOW };
        let mut grid = Grid::new(&viewport);
        grid.zoom_about(&viewport, 50, 1e-9, [500.0, 300.0]);
        assert_eq!(grid.cell_rect(&viewport, 0)[2], 64.0 * scale);
    }
}

#[test]
fn each_cell_is_found_at_its_own_middle_and_corners() {
    for scroll_px in [0.0, 33.7, 250.0] {
        let grid = grid(100.0, scroll_px);
        for index in grid.visible(&WINDOW, 200) {
            let [x, y, width, height] = grid.cell_rect(&WINDOW, index);
            for at_px in [[0.0, 0.0], [0.5, 0.5], [0.99, 0.99]] {
                let at_px = [x + at_px[0] * width, y + at_px[1] * height];
                let is_inside = (0.0..600.0).contains(&at_px[1]);
                let expect = is_inside.then_some(index);
                assert_eq!(grid.index_at(&WINDOW, 200, at_px), expect, "{at_px:?}");
            }
        }
    }
}

#[test]
fn gaps_margins_and_the_status_line_hold_no_cell() {
    let grid = grid(100.0, 0.0);
    let [x, y, width, height] = grid.cell_rect(&WINDOW, 0);
    for at_px in [
        [x + width + 2.0, y + 5.0],
        [x + 5.0, y + height + 2.0],
        [x - 1.0, y],
        [x, -1.0],
        [500.0, 620.0],
        [-5.0, -5.0],
        [f32::NAN, 3.0],
    ] {
        assert_eq!(grid.index_at(&WINDOW, 200, at_px), None, "{at_px:?}");
    }
    assert_eq!(grid.index_at(&WINDOW, 2, [x + 5.0 * 104.0, y]), None, "behind the last photo");
}

#[test]
fn a_rectangle_holds_every_cell_that_it_touches() {
    let grid = grid(100.0, 0.0);
    let columns = grid.columns(&WINDOW);
    let [a, b] = [grid.cell_rect(&WINDOW, 1), grid.cell_rect(&WINDOW, columns + 2)];
    let (from, to) = ([a[0] + 99.0, a[1] + 50.0], [b[0] + 1.0, b[1] + 1.0]);
    let expect = [1, 2, columns + 1, columns + 2];
    for (from, to) in [(from, to), (to, from), ([from[0], to[1]], [to[0], from[1]])] {
        let cells: Vec<_> = grid.cells_in(&WINDOW, 200, from, to).collect();
        assert_eq!(cells, expect);
    }
    let all = grid.cells_in(&WINDOW, 200, [-1e7, -1e7], [1e7, 1e7]);
    assert_eq!(all.count(), 200);
    assert_eq!(grid.cells_in(&WINDOW, 200, [-9.0, -9.0], [-5.0, -5.0]).count(), 0);
}

#[test]
fn visible_is_what_intersects_the_area() {
    for scroll_px in [0.0, 99.0, 100.0, 103.0, 104.0, 1e9] {
        let mut grid = grid(100.0, scroll_px);
        grid.clamp(&WINDOW, 200);
        let naive = |index: &usize| {
            let [_, y, _, height] = grid.cell_rect(&WINDOW, *index);
            y < 600.0 && y + height > 0.0
        };
        let expect: Vec<_> = (0..200).filter(naive).collect();
        assert_eq!(grid.visible(&WINDOW, 200).collect::<Vec<_>>(), expect, "at {scroll_px}");
    }
    assert_eq!(grid(100.0, 0.0).visible(&WINDOW, 0), 0..0);
}

#[test]
fn revealing_scrolls_no_further_than_needed() {
    let mut grid = grid(100.0, 150.0);
    grid.reveal(&WINDOW, 200, 20);
    assert_eq!(grid.scroll_px, 150.0, "row 2 is wholly in view");
    grid.reveal(&WINDOW, 200, 0);
    assert_eq!(grid.scroll_px, 0.0);
    grid.reveal(&WINDOW, 200, 80);
    let [_, y, _, height] = grid.cell_rect(&WINDOW, 80);
    assert_eq!(y + height, 600.0, "it stands at the bottom");
}

#[test]
fn zooming_keeps_the_row_under_the_pointer() {
    let mut grid = grid(100.0, 2000.0);
    let at_px = [500.0, 333.0];
    for factor in [1.3, 1.3, 0.7, 2.0, 0.5] {
        let index = grid.nearest(&WINDOW, 2000, at_px);
        let share = |grid: &Grid| {
            let [_, y, _, height] = grid.cell_rect(&WINDOW, index);
            (at_px[1] - y) / height
        };
        let before = share(&grid);
        grid.zoom_about(&WINDOW, 2000, factor, at_px);
        assert!((share(&grid) - before).abs() < 0.1, "it left the pointer at {factor}");
    }
}

#[test]
fn a_photo_stays_under_the_eye_when_others_come_before_it() {
    let mut grid = grid(100.0, 500.0);
    let eye_px = grid.eye_px(&WINDOW, 60);
    grid.keep_under_eye(&WINDOW, 900, 360, eye_px);
    assert_eq!(grid.eye_px(&WINDOW, 360), eye_px);
}
