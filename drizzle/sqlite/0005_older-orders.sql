-- Orders from before bills: each is a bill of its own, and its discount is shared out over its lines.
UPDATE orders SET bill_id = id;--> statement-breakpoint
UPDATE orders SET refunded_fen = pay_fen WHERE state = 'refunded';--> statement-breakpoint
INSERT INTO order_coupons (order_id, coupon_id, nth, off_fen, payer) SELECT id, coupon_id, coupon_nth, discount_fen, 'host' FROM orders WHERE coupon_id <> '' AND state <> 'expired' AND state <> 'cancelled';--> statement-breakpoint
UPDATE order_lines SET off_fen = (SELECT o.discount_fen * order_lines.qty * order_lines.price_fen / o.goods_fen FROM orders o WHERE o.id = order_lines.order_id) WHERE order_id IN (SELECT id FROM orders WHERE discount_fen > 0 AND goods_fen > 0);--> statement-breakpoint
UPDATE order_lines SET off_fen = min(qty * price_fen, off_fen + (SELECT o.discount_fen FROM orders o WHERE o.id = order_lines.order_id) - (SELECT sum(l.off_fen) FROM order_lines l WHERE l.order_id = order_lines.order_id)) WHERE spec_id = (SELECT l.spec_id FROM order_lines l WHERE l.order_id = order_lines.order_id ORDER BY l.qty * l.price_fen DESC, l.spec_id LIMIT 1) AND order_id IN (SELECT id FROM orders WHERE discount_fen > 0);--> statement-breakpoint
UPDATE order_lines SET refunded_qty = qty, refunded_fen = qty * price_fen - off_fen WHERE order_id IN (SELECT id FROM orders WHERE state = 'refunded');--> statement-breakpoint
UPDATE order_lines SET kind = 'voucher' WHERE product_id IN (SELECT id FROM products WHERE kind = 'voucher');--> statement-breakpoint
UPDATE products SET valid_days = 90 WHERE kind = 'voucher';--> statement-breakpoint
UPDATE specs SET grams = 500 WHERE unit = 'jin';
