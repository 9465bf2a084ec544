//! Rasters, each made when it is asked for.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use dossier::Rasters;
use model::PictureId;

use crate::bench::Bench;

/// A browser may keep a raster so long: it is named by what it shows.
const KEPT: &str = "private, max-age=3600";

/// A thumbnail, the upright picture, or the picture on the view of its sheet.
pub(crate) async fn raster(
    State(bench): State<Arc<Bench>>,
    Path((kind, id)): Path<(String, String)>,
) -> Response {
    let made = tokio::task::spawn_blocking(move || {
        let rasters = Rasters::of(&bench.shelf, id.parse::<PictureId>().ok()?).ok()??;
        match kind.as_str() {
            "thumb" => rasters.thumbnail(),
            "upright" => rasters.upright(),
            "view" => rasters.view(),
            _ => None,
        }
    });
    jpeg(made.await.ok().flatten())
}

/// The place at which two pictures differ, on one of them.
pub(crate) async fn place(
    State(bench): State<Arc<Bench>>,
    Path((id, side)): Path<(String, String)>,
) -> Response {
    let made = tokio::task::spawn_blocking(move || {
        let live = bench.live();
        let rows = &live.dossier().alterations;
        let row = rows.iter().find(|row| row.id == id)?;
        let (picture, corners) = match side.as_str() {
            "own" => (&row.picture, &row.quad),
            "other" => (&row.against, &row.quad_against),
            _ => return None,
        };
        Rasters::of(&bench.shelf, picture.parse::<PictureId>().ok()?).ok()??.place(corners)
    });
    jpeg(made.await.ok().flatten())
}

fn jpeg(bytes: Option<Vec<u8>>) -> Response {
    match bytes {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, KEPT)], bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
