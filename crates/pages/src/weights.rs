//! What the classifier of `turn` learned: the weight of each cell for a letter that stands upright, rows first.
//!
//! Learned by softmax regression on letters of forged text, 11 to 38 pixels high, upright and slanting, blurred and
//! compressed (`learn.rs` makes this table anew); for the other three ways the same weights are turned.

/// Weights of the cells, for upright.
#[rustfmt::skip]
pub(crate) static UPRIGHT: [f32; 100] = [
    0.276, -0.224, -0.221, -0.131, -0.269, -0.112, -0.190, -0.260, -0.201, 0.090,
    0.114, -0.204, 0.009, 0.112, 0.048, 0.138, -0.087, 0.085, 0.111, 0.331,
    0.209, -0.025, 0.082, -0.033, 0.167, 0.105, 0.059, -0.181, -0.065, 0.091,
    0.049, 0.008, 0.094, 0.196, -0.018, -0.119, -0.233, -0.057, 0.029, 0.155,
    0.266, -0.166, 0.031, 0.048, 0.206, 0.058, 0.069, -0.041, 0.003, 0.198,
    0.245, -0.005, -0.114, 0.117, -0.292, 0.028, -0.042, -0.010, -0.160, 0.266,
    -0.106, -0.115, 0.171, -0.089, 0.104, -0.165, 0.130, -0.081, -0.097, 0.082,
    0.348, -0.024, -0.076, -0.062, -0.131, -0.033, -0.074, 0.178, 0.078, 0.249,
    0.333, 0.296, -0.143, 0.174, 0.189, -0.046, -0.027, 0.081, -0.202, 0.322,
    -0.200, -0.241, -0.203, 0.057, -0.419, -0.171, 0.062, -0.221, -0.438, -0.166,
];
